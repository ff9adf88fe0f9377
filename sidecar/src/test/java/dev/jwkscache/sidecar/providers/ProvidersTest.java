package dev.jwkscache.sidecar.providers;

import static dev.jwkscache.sidecar.providers.Town.ALG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.Timeline.Failure;
import dev.jwkscache.sidecar.providers.Timeline.Purge;
import dev.jwkscache.sidecar.providers.Timeline.Refresh;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose keys are kept over a reload, and what is known beside them; on virtual time. */
class ProvidersTest {
    private static final Map<String, String> HALF = Map.of("max-staleness", "1800");

    private final Town town = Town.started();
    private final Providers providers = town.providers;

    @AfterEach
    void close() {
        town.close();
    }

    @Test
    void whoStaysAsItIsGoesOnUndisturbed() {
        Provider before = town.only();
        providers.keep(List.of(town.named("default", Map.of()), town.named("other", Map.of())));

        assertThat(providers.named("default")).isSameAs(before);
        assertThat(providers.all()).extracting(Provider::name).containsExactly("default", "other");
        assertThat(providers.named("other").serves()).isTrue();
    }

    @Test
    void otherSettingsTakeOverTheKeysAtTheirAgeAlsoInAnOutage() {
        town.provider.behave(Behaviour.status(500));
        town.pass(Duration.ofSeconds(1000));
        Provider before = town.only();

        providers.keep(List.of(town.named("default", HALF)));

        Provider after = town.only();
        assertThat(after).isNotSameAs(before);
        assertThat(after.status().maxStaleness()).isEqualTo(Duration.ofSeconds(1800));
        assertThat(after.status().kids()).contains(town.kid());
        assertThat(after.status().age()).contains(Duration.ofSeconds(1000));
        town.pass(Duration.ofSeconds(801));
        assertThat(after.status().state()).isEqualTo(CacheState.EXPIRED);
    }

    @Test
    void whereNothingCanBeTakenOverTheOldOneGoesOnUntilKeysCome() {
        try (Town away = new Town(storeIsAway(), name -> List.of())) {
            away.providers.keep(List.of(away.named("default", Map.of())));
            Provider before = away.only();
            away.provider.behave(Behaviour.status(500));

            away.providers.keep(List.of(away.named("default", HALF)));
            away.pass(Duration.ofSeconds(1000));
            assertThat(away.only()).isSameAs(before);
            assertThat(away.only().serves()).isTrue();

            away.provider.behave(Behaviour.healthy());
            away.pass(Duration.ofSeconds(300));
            assertThat(away.only()).isNotSameAs(before);
            assertThat(away.only().serves()).isTrue();
        }
    }

    @Test
    void theOldOneNeverGoesOnPastTheNewBound() {
        try (Town away = new Town(storeIsAway(), name -> List.of())) {
            away.providers.keep(List.of(away.named("default", Map.of())));
            away.provider.behave(Behaviour.status(500));
            away.pass(Duration.ofSeconds(1801));
            assertThat(away.only().serves()).as("under the old bound").isTrue();

            away.providers.keep(List.of(away.named("default", HALF)));

            assertThat(away.only().serves()).isFalse();
        }
    }

    @Test
    void whoIsGoneOrElsewhereEndsAtOnceAndWatchersAreTold() {
        List<String> told = new ArrayList<>();
        providers.watch(new Providers.Watcher() {
            @Override
            public void changed(Provider provider) {
                told.add("changed " + provider.name());
                throw new IllegalStateException("a watcher that fails");
            }

            @Override
            public void removed(String name) {
                told.add("removed " + name);
            }
        });
        JwksCache before = town.only().cache();

        providers.keep(List.of(new ProviderConfiguration(
                "default", URI.create("https://elsewhere.example/jwks"), Kind.JWKS_URI, Map.of())));
        assertThat(before.getAsync()).as("closed").isCompletedExceptionally();

        providers.keep(List.of(town.named("other", Map.of())));

        assertThat(providers.named("default")).isNull();
        assertThat(told).contains("changed default", "removed default", "changed other");
    }

    @Test
    void readinessEndsBeforeTheKeysDo() {
        Duration margin = Duration.ofSeconds(300);
        assertThat(providers.notReady(margin)).isEmpty();
        town.provider.behave(Behaviour.status(500));
        town.pass(Duration.ofSeconds(3300));
        assertThat(providers.notReady(margin)).isEmpty();

        town.pass(Duration.ofSeconds(1));
        assertThat(providers.notReady(margin)).containsExactly("default: its keys expire in 299 s");

        town.pass(Duration.ofSeconds(300));
        assertThat(providers.notReady(margin)).containsExactly("default: its keys are expired");
    }

    @Test
    void theTimelineTellsWhatHappened() {
        String first = town.kid();
        SigningKey rotated = town.provider.rotate(ALG);
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(1));
        town.provider.withdraw(first);
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(2));
        town.provider.behave(Behaviour.status(500));
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(2));
        town.only().cache().purge();
        town.pass(Duration.ofMillis(1));

        List<Timeline.Entry> entries = town.only().timeline().entries();

        assertThat(entries)
                .filteredOn(Refresh.class::isInstance)
                .extracting(entry -> ((Refresh) entry).added())
                .containsExactly(List.of(first), List.of(String.valueOf(rotated.kid())), List.of());
        assertThat(entries)
                .filteredOn(Refresh.class::isInstance)
                .extracting(entry -> ((Refresh) entry).removed())
                .containsExactly(List.of(), List.of(), List.of(first));
        assertThat(entries).filteredOn(Failure.class::isInstance).first().satisfies(entry -> {
            assertThat(((Failure) entry).reason()).isEqualTo("status");
            assertThat(((Failure) entry).trigger()).isEqualTo("manual");
        });
        assertThat(entries).filteredOn(Purge.class::isInstance).hasSize(1);
        assertThat(town.only().keys().all()).isEmpty();
    }

    @Test
    void theTimelineForgetsWhatIsOldOrTooMuch() {
        town.pass(Duration.ofHours(23));
        int day = town.only().timeline().entries().size();
        town.pass(Duration.ofHours(48));
        assertThat(town.only().timeline().entries())
                .hasSizeBetween(day - 10, day + 50)
                .allSatisfy(entry -> assertThat(Duration.between(
                                entry.at(), town.time.wallClock().instant()))
                        .isLessThanOrEqualTo(Duration.ofHours(24)));
        for (int i = 0; i < 2000; i++) {
            town.only().cache().refresh();
            town.pass(Duration.ofSeconds(1));
        }
        assertThat(town.only().timeline().entries()).hasSize(1000);
    }

    @Test
    void aKeyIsFirstSeenOnceAndForgottenWhenItIsWithdrawn() {
        town.pass(Duration.ofSeconds(3));
        String old = town.kid();
        town.only().keys().used(old);
        SigningKey rotated = town.provider.rotate(ALG);
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(1));
        assertThat(town.only().keys().all())
                .extracting(known -> known.key().kid().orElseThrow())
                .containsExactlyInAnyOrder(old, String.valueOf(rotated.kid()));
        assertThat(town.only().keys().all().get(0).firstSeen())
                .isNotEqualTo(town.only().keys().all().get(1).firstSeen());

        town.provider.withdraw(old);
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(2));

        assertThat(town.only().keys().lastUsed(old)).isEmpty();
        assertThat(town.only().keys().all()).hasSize(1);
    }

    private static Stores storeIsAway() {
        CompletableFuture<Void> away = CompletableFuture.failedFuture(new IOException("away"));
        return new Stores(
                new SnapshotStore() {
                    @Override
                    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
                        return CompletableFuture.failedFuture(new IOException("away"));
                    }

                    @Override
                    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
                        return away;
                    }

                    @Override
                    public CompletableFuture<Void> purge(URI address, long generation) {
                        return away;
                    }
                },
                MetadataStore.NONE,
                () -> {});
    }
}
