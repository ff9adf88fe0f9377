package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.configuration.Configuration.History;
import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.configuration.Configuration.Listen;
import dev.jwkscache.sidecar.configuration.Configuration.Store;
import dev.jwkscache.sidecar.configuration.ConfigurationReader.Draft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of the process: what is set, else the default of the table. */
final class ProcessSettings {
    private final Map<Setting, Given> values;
    private final Faults faults;

    ProcessSettings(Map<Setting, Given> values, Faults faults) {
        this.values = values;
        this.faults = faults;
    }

    Optional<Given> given(Setting setting) {
        return Optional.ofNullable(values.get(setting));
    }

    /** How messages call a setting: where it is set, else its name. */
    String source(Setting setting) {
        return given(setting).map(Given::source).orElse(setting.key());
    }

    Listen listen(Setting host, Setting port) {
        return new Listen(value(host), number(port));
    }

    Limits limits() {
        return new Limits(
                number(Setting.MAX_CONNECTIONS),
                span(Setting.IDLE_TIMEOUT),
                span(Setting.REQUEST_TIMEOUT),
                number(Setting.MAX_HEADER_BYTES));
    }

    Duration span(Setting setting) {
        return CacheDraft.duration(value(setting));
    }

    Set<String> words(Setting setting) {
        return given(setting).map(given -> Set.of(given.text().split(" "))).orElse(Set.of());
    }

    /** What is set, else the usual margin, or less where keys do not live long enough for that. */
    Duration readyMargin(List<Draft> drafts) {
        Duration usual = Duration.ofSeconds(300);
        return given(Setting.READY_MARGIN)
                .map(given -> CacheDraft.duration(given.text()))
                .orElseGet(() -> drafts.stream()
                        .map(draft -> Checks.maxStaleness(draft.settings()).dividedBy(2))
                        .filter(half -> half.compareTo(usual) < 0)
                        .min(Duration::compareTo)
                        .orElse(usual));
    }

    /** Where keys are kept; {@code stateFolder} finds a folder for what has none. */
    Store store(Function<String, Path> stateFolder) {
        @Nullable
        Path key = given(Setting.STORE_HMAC_KEY_FILE).map(ProcessSettings::path).orElse(null);
        Optional<Given> redis = given(Setting.STORE_REDIS);
        Optional<Given> folder = given(Setting.STORE_FOLDER);
        Optional<Given> chosen = given(Setting.STORE);
        if (chosen.isEmpty() && redis.isPresent() && folder.isPresent()) {
            faults.add(source(Setting.STORE_FOLDER) + " and " + source(Setting.STORE_REDIS)
                    + " are both set; say with store=folder or store=redis which one is meant, or remove one");
        }
        return switch (chosen.map(Given::text).orElse(redis.isPresent() ? "redis" : "folder")) {
            case "none" -> new Store.None();
            case "redis" -> redis(redis, key);
            default ->
                new Store.Folder(
                        folder.map(ProcessSettings::path).orElseGet(() -> stateFolder.apply("snapshots")), key);
        };
    }

    private Store redis(Optional<Given> addresses, @Nullable Path key) {
        boolean cluster = isOn(Setting.STORE_REDIS_CLUSTER);
        boolean unsigned = isOn(Setting.STORE_REDIS_TRUST_STORE);
        List<String> uris =
                addresses.map(given -> List.of(given.text().split(" "))).orElse(List.of());
        if (uris.isEmpty()) {
            faults.add(source(Setting.STORE) + " is redis, but store-redis is not set; name its address, such as"
                    + " redis://127.0.0.1:6379");
        }
        if (uris.size() > 1 && !cluster) {
            faults.add(source(Setting.STORE_REDIS) + " has " + uris.size()
                    + " addresses, but only a cluster has more than one;" + " set store-redis-cluster=on, or name one");
        }
        if (key == null && !unsigned) {
            faults.add(
                    "a store in Redis needs store-hmac-key-file, since whoever can write there decides which keys are trusted;"
                            + " name a file of 32 random bytes ('openssl rand -out FILE 32'), or set store-redis-trust-store=on");
        }
        if (key != null && unsigned) {
            faults.add(source(Setting.STORE_HMAC_KEY_FILE) + " is set, and " + source(Setting.STORE_REDIS_TRUST_STORE)
                    + " is on: snapshots are either signed or not; remove one");
        }
        return new Store.Redis(
                uris,
                cluster,
                given(Setting.STORE_REDIS_KEY_PREFIX).map(Given::text).orElse(null),
                key);
    }

    /** The record, or null if there is to be none. */
    @Nullable
    History history(Function<String, Path> stateFolder) {
        if (!isOn(Setting.HISTORY)) {
            return null;
        }
        return new History(
                given(Setting.HISTORY_FOLDER).map(ProcessSettings::path).orElseGet(() -> stateFolder.apply("history")),
                Long.parseLong(value(Setting.HISTORY_MAX_BYTES)),
                number(Setting.HISTORY_MAX_FILES));
    }

    /** What is set, else the default, which is a value for all settings that this is asked for. */
    String value(Setting setting) {
        return given(setting).map(Given::text).orElse(setting.shownDefault());
    }

    private int number(Setting setting) {
        return Integer.parseInt(value(setting));
    }

    private boolean isOn(Setting setting) {
        return value(setting).equals("on");
    }

    private static Path path(Given given) {
        return Path.of(given.text()).toAbsolutePath().normalize();
    }
}
