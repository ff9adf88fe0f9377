package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random configurations, each told in four ways that must come to the same. */
class EverySourceTest {
    private static final long SEED = 20261128;
    private static final int ROUNDS = 300;

    @TempDir
    private Path folder;

    private Path secret = Path.of("");

    @BeforeEach
    void makeSecret() throws IOException {
        secret = Files.write(
                folder.resolve("secret"),
                "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void flagsVariablesAndFilesSayTheSame() {
        Random random = new Random(SEED);
        Map<Setting, Integer> seen = new EnumMap<>(Setting.class);
        for (int round = 0; round < ROUNDS; round++) {
            Sample sample = new Sample(random, secret.toString());
            sample.settings.keySet().forEach(setting -> seen.merge(setting, 1, Integer::sum));

            Configuration asFlags = sample.asFlags().read();

            assertThat(sample.asVariables().read())
                    .as("variables, round %d", round)
                    .isEqualTo(asFlags);
            assertThat(sample.asFile(false).read()).as("file, round %d", round).isEqualTo(asFlags);
            assertThat(sample.asFile(true).read())
                    .as("own values, round %d", round)
                    .isEqualTo(asFlags);
            // What is taken here is taken by the library too.
            asFlags.providers().forEach(provider -> provider.builder().build().close());
        }
        assertThat(seen).as("settings that were tried").containsOnlyKeys(Setting.values());
    }

    /** What is told, and ways to write it. */
    private static final class Sample {
        final Map<Setting, String> settings = new EnumMap<>(Setting.class);
        private final Map<String, String> issuers = new java.util.LinkedHashMap<>();
        private final Map<String, String> jwksUris = new java.util.LinkedHashMap<>();
        private final Random random;

        Sample(Random random, String secret) {
            this.random = random;
            boolean onlyIssuers = random.nextBoolean();
            for (int i = 0; i <= random.nextInt(3); i++) {
                issuers.put("i" + i, "https://idp" + i + ".example/realms/main");
                if (!onlyIssuers) {
                    jwksUris.put("j" + i, "https://idp" + i + ".example/all?a=" + i);
                }
            }
            for (Setting setting : Setting.values()) {
                if (random.nextInt(3) == 0 && !setting.key().startsWith("store")) {
                    settings.put(setting, value(setting, secret));
                }
            }
            if (!onlyIssuers) {
                settings.remove(Setting.FETCH_BASE);
            }
            switch (random.nextInt(5)) {
                case 0 -> settings.put(Setting.STORE, "none");
                case 1 -> settings.put(Setting.STORE_FOLDER, "/var/x y");
                case 2 -> {
                    settings.put(Setting.STORE_REDIS, "redis://r:6379/1");
                    settings.put(Setting.STORE_HMAC_KEY_FILE, secret);
                    settings.put(Setting.STORE_REDIS_KEY_PREFIX, "a:b");
                }
                case 3 -> {
                    settings.put(Setting.STORE, "redis");
                    settings.put(Setting.STORE_REDIS, "redis://r rediss://s:1");
                    settings.put(Setting.STORE_REDIS_CLUSTER, "on");
                    settings.put(Setting.STORE_REDIS_TRUST_STORE, "on");
                }
                default -> settings.put(Setting.STORE_WAIT, "0.5");
            }
        }

        private String value(Setting setting, String secret) {
            return switch (setting) {
                case FETCH_TIMEOUT -> span(1, 5);
                case MIN_REFRESH_INTERVAL -> span(1, 10);
                case REFRESH_INTERVAL -> span(20, 50);
                case TIME_TO_LIVE -> span(60, 600);
                case MAX_STALENESS -> span(700, 5000);
                case READY_MARGIN -> span(0, 300);
                case PORT -> "" + (1000 + random.nextInt(1000));
                case MANAGEMENT_PORT -> "" + (3000 + random.nextInt(1000));
                case MANAGEMENT_TOKEN_FILE -> secret;
                case BASE_ADDRESS -> "https://keys.example:" + (1 + random.nextInt(9));
                case FETCH_BASE -> "https://10.0.0." + random.nextInt(9) + ":8443";
                case PROXY -> random.nextBoolean() ? "proxy.example:3128" : "[::1]:3128";
                case HEADER -> random.nextBoolean() ? "X-A: b: c" : "X-A: #b\nX-B: 'c'";
                case CORS_ORIGINS -> random.nextBoolean() ? "*" : "https://a.example http://b.example:8080";
                case SIGNATURE_USES -> random.nextBoolean() ? "sig" : "jwt-svid sig";
                case HOST, MANAGEMENT_HOST -> random.nextBoolean() ? "::1" : "localhost";
                case HISTORY, ALLOW_PLAIN_HTTP -> random.nextBoolean() ? "on" : "off";
                default ->
                    switch (setting.kind()) {
                        case SPAN -> span(1, 50);
                        case BYTES, COUNT -> "" + (5000 + random.nextInt(5000));
                        case PATH -> "/some/file-" + random.nextInt(9);
                        default -> throw new IllegalStateException(setting.key());
                    };
            };
        }

        private String span(int least, int most) {
            int whole = least + random.nextInt(most - least);
            return random.nextBoolean() ? "" + whole : whole + "." + (1 + random.nextInt(9)) + "0";
        }

        Told asFlags() {
            List<String> arguments = new ArrayList<>();
            issuers.forEach((name, address) -> arguments.add(name + "=" + address));
            jwksUris.forEach((name, address) -> arguments.addAll(List.of("--jwks-uri", name + "=" + address)));
            String header = settings.getOrDefault(Setting.HEADER, "");
            settings.forEach((setting, value) -> {
                if (setting.kind() == ValueKind.FLAG) {
                    arguments.add(
                            "--" + setting.key() + (value.equals("on") && random.nextBoolean() ? "" : "=" + value));
                } else if (setting.kind() == ValueKind.WORDS || setting.kind() == ValueKind.ADDRESSES) {
                    for (String word : value.split(" ")) {
                        arguments.add("--" + setting.key() + "=" + word);
                    }
                } else if (setting != Setting.HEADER) {
                    arguments.addAll(List.of("--" + setting.key(), value));
                }
            });
            return Told.line(arguments.toArray(String[]::new)).and("JWKS_CACHE_HEADER", header);
        }

        Told asVariables() {
            Told told =
                    Told.variable("JWKS_CACHE_PROVIDERS", joined(issuers)).and("JWKS_CACHE_JWKS_URI", joined(jwksUris));
            settings.forEach((setting, value) -> told.and(
                    setting.alias().filter(alias -> random.nextBoolean()).orElse(setting.variable()),
                    setting.kind() == ValueKind.WORDS ? value.replace(" ", ", ") : value));
            return told;
        }

        Told asFile(boolean ownValues) {
            StringBuilder text = new StringBuilder("providers:\n");
            issuers.forEach((name, address) -> provider(text, name, "issuer", address, ownValues));
            jwksUris.forEach((name, address) -> provider(text, name, "jwks-uri", address, ownValues));
            settings.forEach((setting, value) -> {
                if (setting.scope() == Scope.PROCESS || !ownValues) {
                    text.append(yaml(setting, value));
                }
            });
            return Told.yaml(text.toString());
        }

        private void provider(StringBuilder text, String name, String kind, String address, boolean ownValues) {
            text.append("  ")
                    .append(name)
                    .append(":\n    ")
                    .append(kind)
                    .append(": ")
                    .append(address)
                    .append('\n');
            settings.forEach((setting, value) -> {
                if (setting.scope() == Scope.CACHE && ownValues) {
                    text.append(yaml(setting, value).indent(4));
                }
            });
        }

        private String yaml(Setting setting, String value) {
            String quoted = "'" + value.replace("'", "''") + "'";
            if (setting == Setting.HEADER) {
                StringBuilder fields = new StringBuilder("header:\n");
                value.lines().forEach(line -> {
                    String[] parts = line.split(": ", 2);
                    fields.append("  ")
                            .append(parts[0])
                            .append(": '")
                            .append(parts[1].replace("'", "''"))
                            .append("'\n");
                });
                return fields.toString();
            }
            return setting.key() + ": "
                    + (setting.kind() == ValueKind.WORDS && random.nextBoolean()
                            ? "['" + value.replace(" ", "', '") + "']"
                            : random.nextBoolean() && value.matches("[a-z0-9.]+") ? value : quoted)
                    + "\n";
        }

        private static String joined(Map<String, String> providers) {
            return String.join(
                    "\n",
                    providers.entrySet().stream()
                            .map(provider -> provider.getKey() + "=" + provider.getValue())
                            .toList());
        }
    }
}
