package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user may decide about which entries are used, and what nobody may. */
class KeyRulesTest {
    private static final String GOOD = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"good\",\"x\":\""
            + "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    private static final BigInteger LONG_ENOUGH = modulus(2048);

    @Test
    void aShortRsaKeyIsWeakUnlessTheUserAllowsIt() throws Exception {
        String entry = rsa(modulus(1024), "");

        assertThat(reason(entry, KeyRules.STANDARD)).isEqualTo(SkipReason.WEAK);
        assertThat(reason(entry, new KeyRules(1025, Set.of("sig"), false))).isEqualTo(SkipReason.WEAK);
        assertThat(reason(entry, new KeyRules(1024, Set.of("sig"), false))).isNull();
        assertThat(reason(rsa(LONG_ENOUGH, ""), new KeyRules(3072, Set.of("sig"), false)))
                .isEqualTo(SkipReason.WEAK);
    }

    @Test
    void aUseThatIsNotSigIsNotForSignaturesUnlessTheUserSaysSo() throws Exception {
        String entry = rsa(LONG_ENOUGH, ",\"use\":\"jwt-svid\"");

        assertThat(reason(entry, KeyRules.STANDARD)).isEqualTo(SkipReason.NOT_FOR_SIGNATURES);
        assertThat(reason(entry, new KeyRules(2048, Set.of("sig", "jwt-svid"), false)))
                .isNull();
        assertThat(reason(rsa(LONG_ENOUGH, ",\"use\":\"sig\""), new KeyRules(2048, Set.of("jwt-svid"), false)))
                .isEqualTo(SkipReason.NOT_FOR_SIGNATURES);
        assertThat(reason(rsa(LONG_ENOUGH, ",\"use\":[\"sig\"]"), KeyRules.STANDARD))
                .isEqualTo(SkipReason.NOT_FOR_SIGNATURES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048})
    void aKeyOfTheRocaGeneratorIsWeakWhateverItsSize(int bits) throws Exception {
        BigInteger modulus = roca(bits);

        assertThat(WeakModulus.isRoca(modulus)).isTrue();
        assertThat(reason(rsa(modulus, ""), new KeyRules(1024, Set.of("sig"), false)))
                .isEqualTo(SkipReason.WEAK);
        assertThat(WeakModulus.isRoca(modulus.add(BigInteger.TWO))).isFalse();
    }

    @Test
    void otherKeysAreNotTakenForKeysOfTheRocaGenerator() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(WeakModulus.isRoca(modulus(1024))).isFalse();
        }
        assertThat(WeakModulus.isRoca(LONG_ENOUGH)).isFalse();
    }

    @Test
    void settingsOutOfBoundsAreRefusedWithTheirValues() {
        assertThatThrownBy(() -> JwksCache.builder(URI.create("https://idp.example/"))
                        .minRsaBits(1023)
                        .signatureUses(Set.of("sig", "enc"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("minRsaBits is 1023; it must be from 1024 to 16384")
                .hasMessageContaining("keys for encryption are never offered for signatures");
        assertThatThrownBy(() -> JwksCache.builder(URI.create("https://idp.example/"))
                        .minRsaBits(16385)
                        .build())
                .hasMessageContaining("16385");
    }

    @Test
    void theBuildersSettingsReachTheParser() throws Exception {
        String document = "{\"keys\":[" + rsa(modulus(1024), ",\"use\":\"jwt-svid\",\"kid\":\"short\"") + "]}";
        try (Stage stage = new Stage(builder -> builder.minRsaBits(1024).signatureUses(Set.of("sig", "jwt-svid")))) {
            stage.provider.publish(document);
            stage.cache.start();
            assertThat(stage.cache.key("short", "RS256").kid()).isEqualTo("short");
        }
    }

    /** The reason why an entry is skipped beside a good one; null when it is used. */
    private static SkipReason reason(String entry, KeyRules rules) throws FetchException {
        byte[] document = ("{\"keys\":[" + GOOD + "," + entry + "]}").getBytes(StandardCharsets.UTF_8);
        JwkSet set = new JwkSetParser(rules).parse(document);
        return set.skipped().isEmpty() ? null : set.skipped().get(0).reason();
    }

    private static String rsa(BigInteger modulus, String more) {
        byte[] octets = modulus.toByteArray();
        return "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(octets) + "\"" + more + "}";
    }

    private static BigInteger modulus(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return ((RSAPublicKey) generator.generateKeyPair().getPublic()).getModulus();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A modulus as the generator of CVE-2017-15361 made them: p = k·M + (65537^a mod M), M a product of small primes. */
    private static BigInteger roca(int bits) {
        int primes = bits < 1984 ? 71 : 126;
        BigInteger product = IntStream.iterate(2, i -> i + 1)
                .mapToObj(BigInteger::valueOf)
                .filter(i -> i.isProbablePrime(20))
                .limit(primes)
                .reduce(BigInteger.ONE, BigInteger::multiply);
        Random random = new Random(15361);
        BigInteger first = rocaPrime(product, bits / 2, random);
        BigInteger second = rocaPrime(product, bits - bits / 2, random);
        return first.multiply(second);
    }

    private static BigInteger rocaPrime(BigInteger product, int bits, Random random) {
        while (true) {
            BigInteger power = BigInteger.valueOf(65537).modPow(new BigInteger(64, random), product);
            BigInteger factor =
                    new BigInteger(bits - product.bitLength(), random).setBit(bits - product.bitLength() - 1);
            BigInteger candidate = factor.multiply(product).add(power);
            if (candidate.bitLength() == bits && candidate.isProbablePrime(40)) {
                return candidate;
            }
        }
    }
}
