package dev.jwkscache;

import static dev.jwkscache.OneStart.failure;
import static dev.jwkscache.OneStart.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trust over real TLS connections, with certificates of the tests' own. */
class TlsIT {
    private static final String ALG = "ES256";

    private static final List<String> ENDLESS = List.of("hang", "drip");

    @TempDir
    static Path folder;

    private static Certificates ca;
    private static Certificates otherCa;
    private static SSLContext server;

    @BeforeAll
    static void create() throws Exception {
        ca = Certificates.authority(folder, "ca");
        otherCa = Certificates.authority(folder, "other-ca");
        server = Certificates.context(ca.issue("server", "dns:localhost"), null);
    }

    @Test
    void aCustomCaIsTrustedByContextOrByFile() throws Exception {
        try (ScriptedProvider provider = tls(server)) {
            assertThat(keys(provider.jwksUri(), trusting(ca)).size()).isEqualTo(1);
            assertThat(keys(provider.jwksUri(), trustingFile(ca)).size()).isEqualTo(1);
        }
    }

    @Test
    void anUnknownCaIsAFailedRefreshThatSaysWhatToDo() throws Exception {
        try (ScriptedProvider provider = tls(server)) {
            for (Transport transport : List.of(Transport.standard(), trusting(otherCa), trustingFile(otherCa))) {
                assertThat(failure(provider.jwksUri(), transport))
                        .contains("tls: TLS failed: the certificate is signed by no CA that is trusted here")
                        .contains("Transport.trustedCertificates");
            }
        }
    }

    @Test
    void aWrongHostNameIsAFailedRefreshWhoeverIsTrusted() throws Exception {
        SSLContext elsewhere = Certificates.context(ca.issue("elsewhere", "dns:elsewhere.test"), null);
        try (ScriptedProvider provider = tls(elsewhere)) {
            for (Transport transport : List.of(trusting(ca), trustingFile(ca))) {
                assertThat(failure(provider.jwksUri(), transport))
                        .contains("tls: TLS failed:")
                        .contains("localhost");
            }
        }
    }

    @Test
    void aCertificateOutOfItsTimeIsAFailedRefresh() throws Exception {
        SSLContext expired = Certificates.context(
                ca.issue("expired", "dns:localhost", "-startdate", "-10d", "-validity", "2"), null);
        SSLContext future = Certificates.context(ca.issue("future", "dns:localhost", "-startdate", "+10d"), null);
        for (Transport transport : List.of(trusting(ca), trustingFile(ca))) {
            try (ScriptedProvider provider = tls(expired)) {
                assertThat(failure(provider.jwksUri(), transport))
                        .contains("tls: TLS failed: the certificate has expired");
            }
            try (ScriptedProvider provider = tls(future)) {
                assertThat(failure(provider.jwksUri(), transport))
                        .contains("tls: TLS failed: the certificate is not valid yet");
            }
        }
    }

    @Test
    void mutualTlsShowsTheClientsCertificate() throws Exception {
        TlsSockets demanding =
                new TlsSockets(Certificates.context(ca.issue("strict", "dns:localhost"), otherCa.trust()));
        demanding.wantsClientCertificate = true;
        SSLContext withCertificate = Certificates.context(otherCa.issue("client", "dns:client"), ca.trust());
        try (ScriptedProvider provider = ScriptedProvider.startTls(demanding, ALG)) {
            assertThat(keys(provider.jwksUri(), Transport.standard().sslContext(withCertificate))
                            .size())
                    .isEqualTo(1);
            assertThat(failure(provider.jwksUri(), trusting(ca))).contains("failed with");
        }
    }

    @Test
    void aCaThatIsSwappedTogetherWithTheTrustFileFailsNoFetch() throws Exception {
        Path trust = Files.copy(ca.pem(), folder.resolve("trust.pem"));
        TlsSockets sockets = new TlsSockets(server);
        try (ScriptedProvider provider = ScriptedProvider.startTls(sockets, ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .transport(Transport.standard().trustedCertificates(trust))
                        .build()) {
            cache.start();

            sockets.context = Certificates.context(otherCa.issue("next", "dns:localhost"), null);
            Files.move(
                    Files.copy(otherCa.pem(), folder.resolve("next.pem")),
                    trust,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            provider.behave(Behaviour.refuse());
            provider.behave(Behaviour.healthy());

            assertThat(cache.refresh().join().size()).isEqualTo(1);
            assertThat(failure(provider.jwksUri(), trustingFile(ca))).contains("signed by no CA that is trusted here");
        }
    }

    @Test
    void aTrustFileThatCannotBeReadIsAFailedRefreshThatNamesIt() throws Exception {
        Path missing = folder.resolve("missing.pem");
        Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "no certificate");
        try (ScriptedProvider provider = tls(server)) {
            assertThat(failure(provider.jwksUri(), Transport.standard().trustedCertificates(missing)))
                    .contains("tls: TLS failed:")
                    .contains("missing.pem");
            assertThat(failure(provider.jwksUri(), Transport.standard().trustedCertificates(rubbish)))
                    .contains("rubbish.pem");
        }
    }

    @Test
    void whileATrustFileIsBeingReplacedWhatItSaidBeforeCounts() throws Exception {
        Path trust = folder.resolve("half.pem");
        Files.copy(ca.pem(), trust);
        try (ScriptedProvider provider = tls(server);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .transport(Transport.standard().trustedCertificates(trust))
                        .build()) {
            cache.start();
            Files.writeString(trust, "-----BEGIN CERT");
            provider.behave(Behaviour.refuse());
            provider.behave(Behaviour.healthy());

            assertThat(cache.refresh().join().size()).isEqualTo(1);
        }
    }

    @Test
    void theSameHoldsOverHttpAndHttps() throws Exception {
        try (ScriptedProvider plain = ScriptedProvider.start(ALG);
                ScriptedProvider secure = tls(server)) {
            for (Behaviour behaviour : Stage.failures()) {
                plain.behave(behaviour);
                secure.behave(behaviour);
                // What never ends must end by the deadline; what fails by itself must have the time to.
                boolean endless = ENDLESS.stream().anyMatch(behaviour.toString()::contains);
                Duration timeout = Duration.ofMillis(endless ? 500 : 30_000);
                assertThat(reason(secure.jwksUri(), timeout))
                        .describedAs(behaviour.toString())
                        .isEqualTo(endless ? FailureReason.TIMEOUT : reason(plain.jwksUri(), timeout))
                        .isNotNull();
            }
            for (Behaviour behaviour : List.of(
                    Behaviour.healthy(), Behaviour.gzip(), Behaviour.redirectSameOrigin(), Behaviour.withEtag())) {
                plain.behave(behaviour);
                secure.behave(behaviour);
                assertThat(keys(secure.jwksUri(), trusting(ca)).size())
                        .describedAs(behaviour.toString())
                        .isEqualTo(keys(plain.jwksUri(), trusting(ca)).size());
            }
        }
    }

    private static FailureReason reason(URI address, Duration timeout) throws Exception {
        try (JwksCache cache = JwksCache.builder(address)
                .fetchTimeout(timeout)
                .transport(trusting(ca))
                .build()) {
            assertThatThrownBy(cache::start).isInstanceOf(KeysUnavailableException.class);
            return cache.status().lastFailure().orElseThrow().reason();
        }
    }

    private static ScriptedProvider tls(SSLContext context) {
        return ScriptedProvider.startTls(context.getServerSocketFactory(), ALG);
    }

    private static Transport trusting(Certificates authority) throws Exception {
        return Transport.standard().sslContext(Certificates.context(null, authority.trust()));
    }

    private static Transport trustingFile(Certificates authority) {
        return Transport.standard().trustedCertificates(authority.pem());
    }
}
