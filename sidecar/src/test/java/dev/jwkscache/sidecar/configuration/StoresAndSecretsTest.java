package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.Configuration.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where sets are kept, who may ask, and what is shown to nobody. */
class StoresAndSecretsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "host.example"})
    void aManagementServerThatOthersReachNeedsAToken(String host) throws IOException {
        assertThat(Told.line(Told.IDP, "--management-host", host).faults())
                .containsExactly("--management-host is \"" + host
                        + "\", which others can reach; set management-token-file, or" + " listen on 127.0.0.1");

        Told told = Told.line(
                Told.IDP, "--management-host", host, "--management-token-file", secret("0123456789abcdef\nmore\n"));
        assertThat(told.read().managementToken()).isEqualTo("0123456789abcdef");
        assertThat(told.read().toString()).doesNotContain("0123456789abcdef");
        assertThat(told.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"})
    void oneOnLoopbackNeedsNone(String host) {
        Configuration.Listen listen =
                Told.line(Told.IDP, "--management-host", host).read().management();

        assertThat(listen.isLoopback()).isTrue();
        assertThat(listen.authority(9090)).doesNotContain("[[").endsWith(":9090");
    }

    @Test
    void aTokenFileThatHoldsNoneIsRefused() throws IOException {
        String shortOne = secret("hunter2\n" + "x".repeat(40));
        assertThat(Told.line(Told.IDP, "--management-token-file", shortOne).faults())
                .singleElement()
                .asString()
                .contains("which has 7 characters in its first line; a token has at least 16")
                .doesNotContain("hunter2");
        assertThat(Told.line(Told.IDP, "--management-token-file", secret("hunter2 hunter2 hunter2"))
                        .faults())
                .singleElement()
                .asString()
                .contains("something else than visible ASCII");
        assertThat(Told.line(
                                Told.IDP,
                                "--management-token-file",
                                folder.resolve("missing").toString())
                        .faults())
                .singleElement()
                .asString()
                .contains("which cannot be read (NoSuchFileException)");
        assertThat(Told.line(Told.IDP, "--management-token-file", secret("x".repeat(5000)))
                        .faults())
                .singleElement()
                .asString()
                .contains("more than 4096 bytes");
    }

    @Test
    void aTokenFileThatOthersReadIsWarnedOf() throws IOException {
        String file = secret("0123456789abcdef");
        Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("rw-r-----"));
        Told told = Told.line(Told.IDP, "--management-token-file", file);

        told.read();

        assertThat(told.warnings())
                .singleElement()
                .asString()
                .startsWith("--management-token-file names")
                .endsWith("take the right away (chmod go-r)");
    }

    @Test
    void aStoreIsAFolderOrARedisOrNone() throws IOException {
        String key = secret("k".repeat(32));
        assertThat(Told.line(Told.IDP, "--store=none").read().store()).isEqualTo(new Store.None());
        assertThat(Told.line(Told.IDP, "--store-redis=redis://r:6379", "--store-hmac-key-file", key)
                        .read()
                        .store())
                .isEqualTo(new Store.Redis(List.of("redis://r:6379"), false, null, Path.of(key)));
        assertThat(Told.line(
                                Told.IDP,
                                "--store-redis=redis://a:1,rediss://b:2",
                                "--store-redis=redis-sentinel://c:3,d:4?sentinelMasterId=m",
                                "--store-redis-cluster",
                                "--store-redis-trust-store",
                                "--store-redis-key-prefix=mine")
                        .read()
                        .store())
                .isEqualTo(new Store.Redis(
                        List.of("redis://a:1", "rediss://b:2", "redis-sentinel://c:3,d:4?sentinelMasterId=m"),
                        true,
                        "mine",
                        null));
        assertThat(Told.line(Told.IDP, "--store=folder", "--store-redis=redis://r:6379")
                        .read()
                        .store())
                .isInstanceOf(Store.Folder.class);
    }

    @Test
    void storesThatContradictAreRefused() throws IOException {
        String key = secret("k".repeat(32));
        assertThat(Told.line(Told.IDP, "--store=redis", "--store-hmac-key-file", key)
                        .faults())
                .containsExactly(
                        "--store is redis, but store-redis is not set; name its address, such as redis://127.0.0.1:6379");
        assertThat(Told.line(Told.IDP, "--store-redis=redis://r").faults())
                .singleElement()
                .asString()
                .startsWith("a store in Redis needs store-hmac-key-file");
        assertThat(Told.line(
                                Told.IDP,
                                "--store-redis=redis://r",
                                "--store-hmac-key-file",
                                key,
                                "--store-redis-trust-store")
                        .faults())
                .singleElement()
                .asString()
                .endsWith("snapshots are either signed or not; remove one");
        assertThat(Told.line(Told.IDP, "--store-redis=redis://r redis://s", "--store-hmac-key-file", key)
                        .faults())
                .singleElement()
                .asString()
                .contains("has 2 addresses, but only a cluster has more than one");
        assertThat(Told.line(Told.IDP, "--store-redis=redis://r", "--store-folder=/x", "--store-hmac-key-file", key)
                        .faults())
                .singleElement()
                .asString()
                .startsWith("--store-folder and --store-redis are both set");
        assertThat(Told.line(Told.IDP, "--store-hmac-key-file", secret("short")).faults())
                .singleElement()
                .asString()
                .contains("which has 5 bytes; a key is at least 32 random ones");
    }

    @Test
    void aPasswordOfRedisStandsNotOnTheCommandLineAndInNoMessage() {
        assertThat(Told.line(Told.IDP, "--store-redis=redis://u:hunter2@r").faults())
                .singleElement()
                .asString()
                .contains("every user of this machine can read the command line")
                .doesNotContain("hunter2");
        Configuration told = Told.line(Told.IDP, "--store-redis-trust-store")
                .and("JWKS_CACHE_STORE_REDIS", "redis://u:hunter2@r")
                .read();
        assertThat(((Store.Redis) told.store()).uris()).containsExactly("redis://u:hunter2@r");
        assertThat(told.toString()).doesNotContain("hunter2");
    }

    @Test
    void headerFieldsStandInTheVariableOneALine() {
        Configuration told = Told.line(Told.IDP)
                .and("JWKS_CACHE_HEADER", "X-B: hunter2\nx-a:  c \n")
                .read();

        assertThat(told.providers().get(0).settings()).isEqualTo(Map.of("header", "x-a: c\nX-B: hunter2"));
        assertThat(told.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2", ": hunter2", "X Y: hunter2", "X: hunter2ä", "X: hunter2\nx: hunter2", "Host: hunter2"
            })
    void headerFieldsThatAreNoneAreRefusedAndNotRepeated(String value) {
        assertThat(Told.line(Told.IDP).and("JWKS_CACHE_HEADER", value).faults())
                .singleElement()
                .asString()
                .startsWith("JWKS_CACHE_HEADER has a value that is not shown; it must")
                .doesNotContain("hunter2");
    }

    @Test
    void twoWaysToAuthorizeContradict() {
        assertThat(Told.line(Told.IDP, "--bearer-token-file=/t")
                        .and("JWKS_CACHE_HEADER", "authorization: Basic x")
                        .faults())
                .containsExactly(
                        "provider default: JWKS_CACHE_HEADER and --bearer-token-file both set the field Authorization;"
                                + " remove one of them");
    }

    private String secret(String content) throws IOException {
        Path file = Files.createTempFile(folder, "secret", "");
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }
}
