package dev.jwkscache;

import static dev.jwkscache.SkipReason.MALFORMED_MEMBER;
import static dev.jwkscache.SkipReason.NOT_FOR_SIGNATURES;
import static dev.jwkscache.SkipReason.SYMMETRIC;
import static dev.jwkscache.SkipReason.UNSUPPORTED_BY_JDK;
import static dev.jwkscache.SkipReason.UNSUPPORTED_PARAMETERS;
import static dev.jwkscache.SkipReason.WEAK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shapes of key sets that are known to break parsers, D01 to D30 of the folder {@code oddities}: what comes out of each,
 * entry by entry.
 */
class OdditiesTest {
    private static final String[] ANY_RSA = RawKey.RSA.toArray(String[]::new);
    private static final boolean HAS_ML_DSA = Runtime.version().feature() >= 24;

    @Test
    void d01TheEncryptionKeyOfAKeycloakRealmIsSkippedAndItsCertificatesDoNoHarm() throws Exception {
        JwkSet set = open("D01-keycloak-realm")
                .skip(NOT_FOR_SIGNATURES)
                .use("keycloak-sig", "RS256")
                .verify();

        assertThat(set.keys().get(0).certificateExpiry()).isPresent();
    }

    @Test
    void d02BothEdDsaCurvesOfAKeycloakRealmServeEdDsa() throws Exception {
        open("D02-keycloak-eddsa")
                .use("keycloak-rsa", "RS256")
                .use("keycloak-ed25519", "EdDSA", "Ed25519")
                .use("keycloak-ed448", "EdDSA", "Ed448")
                .verify();
    }

    @Test
    void d03AnMlDsaRealmKeyIsUsedWhereTheJdkHasItAndHarmlessWhereNot() throws Exception {
        ExpectedSet realm = open("D03-keycloak-ml-dsa").use("keycloak-rsa", "RS256");

        mlDsa(realm, "keycloak-ml-dsa", "ML-DSA-65").verify();
    }

    @Test
    void d04Ed448AfterRsaKeysIsOneMoreKey() throws Exception {
        open("D04-ed448-last")
                .use("first", "RS256")
                .use("second", "RS256")
                .use("last", "EdDSA", "Ed448")
                .verify();
    }

    @Test
    void d05OneKeyUnderManyKidsIsFoundUnderEach() throws Exception {
        ExpectedSet expected = open("D05-one-key-many-kids")
                .use("ec-1", "ES256")
                .use("ec-2", "ES256")
                .use("ec-3", "ES256");

        JwkSet set =
                mlDsa(mlDsa(expected, "pq-1", "ML-DSA-65"), "pq-2", "ML-DSA-65").verify();

        assertThat(set.find("ec-1", "ES256").get(0).thumbprint())
                .isEqualTo(set.find("ec-3", "ES256").get(0).thumbprint());
    }

    @Test
    void d06TheKidOfAnMlDsaKeyIsItsThumbprintAndItsSeedIsDropped() throws Exception {
        byte[] document = read("D06-ml-dsa-reference");
        if (!HAS_ML_DSA) {
            open("D06-ml-dsa-reference")
                    .skip(UNSUPPORTED_BY_JDK)
                    .skip(UNSUPPORTED_BY_JDK)
                    .skip(UNSUPPORTED_BY_JDK)
                    .verify();
            return;
        }
        JwkSet set = new ExpectedSet(document).use().use().use().verify();

        assertThat(set.keys())
                .extracting(Jwk::algorithms)
                .containsExactly(List.of("ML-DSA-44"), List.of("ML-DSA-65"), List.of("ML-DSA-87"));
        assertThat(set.keys()).allSatisfy(key -> assertThat(key.kid()).hasValue(key.thumbprint()));
        assertThat(set.privateKeyCount()).isEqualTo(3);
    }

    @Test
    void d07EntraKeysWithoutAlgServeEveryRsaAlgorithmAndTheirIssuerMemberDoesNoHarm() throws Exception {
        open("D07-entra")
                .use("entra-1", ANY_RSA)
                .use("entra-2", ANY_RSA)
                .use("entra-3", ANY_RSA)
                .verify();
    }

    @Test
    void d08KeysWithoutKidAreAllOfferedToATokenWithoutKid() throws Exception {
        ExpectedSet expected = open("D08-no-kids");
        for (int i = 0; i < 5; i++) {
            expected.use(null, "EdDSA", "Ed25519");
        }
        JwkSet set = expected.verify();

        assertThat(set.find("", "EdDSA")).hasSize(5).isEqualTo(set.find(null, "EdDSA"));
        assertThat(set.kids()).isEmpty();
    }

    @Test
    void d09AKidThatIsNullIsNoKid() throws Exception {
        JwkSet set =
                open("D09-kid-null").use(null, "ES256").use("named", "ES256").verify();

        assertThat(set.kids()).containsExactly("named");
        assertThat(set.find(null, "ES256")).hasSize(2);
        assertThat(set.find("null", "ES256")).isEmpty();
    }

    @Test
    void d10ALeadingZeroOctetOfTheModulusChangesNothing() throws Exception {
        assertThat(decoded("D10-leading-zero", 0, "n")).hasSize(257).startsWith((byte) 0);

        open("D10-leading-zero")
                .use("257-octets", "RS256")
                .use("256-octets", "RS256")
                .verify();
    }

    @Test
    void d11ACoordinateOneOctetShortIsTheSameInteger() throws Exception {
        assertThat(decoded("D11-short-coordinate", 0, "x")).hasSize(31);
        assertThat(decoded("D11-short-coordinate", 1, "y")).hasSize(31);

        open("D11-short-coordinate")
                .use("short-x", "ES256")
                .use("short-y", "ES256")
                .use("both-whole", "ES256")
                .verify();
    }

    @Test
    void d12PaddingAndTheStandardAlphabetAreRead() throws Exception {
        assertThat(entry("D12-padding", 0).string("n")).endsWith("==");
        assertThat(entry("D12-padding", 1).string("n")).containsAnyOf("+", "/");
        assertThat(entry("D12-padding", 2).string("x")).endsWith("=");

        open("D12-padding")
                .use("padded", "RS256")
                .use("standard-alphabet", "RS256")
                .use("padded-ec", "ES256")
                .verify();
    }

    @ParameterizedTest
    @CsvSource({
        "D13-x5t-of-another-certificate, other-digest",
        "D14-x5t-without-x5c, digest-only",
        "D15-x5t-in-hex, hex-digest",
        "D16-chain, three-certificates"
    })
    void d13To16CertificatesAndTheirDigestsAreDecoration(String name, String kid) throws Exception {
        open(name).use(kid, "RS256").verify();
    }

    @Test
    void d17OneKidForTwoAlgorithmsGivesTheKeyOfTheAlgorithmAskedFor() throws Exception {
        JwkSet set = open("D17-one-kid-two-algorithms")
                .use("shared", "RS256")
                .use("shared", "PS256")
                .use("shared", "ES256")
                .verify();

        assertThat(set.find("shared", "RS256")).hasSize(1);
        assertThat(set.find("shared", "PS256")).hasSize(1);
        assertThat(set.find("shared", "RS256").get(0).thumbprint())
                .isNotEqualTo(set.find("shared", "PS256").get(0).thumbprint());
        assertThat(set.duplicateKids()).containsExactly("shared");
    }

    @Test
    void d18ExactDuplicatesAreBothOfferedAndTheRestIsUntouched() throws Exception {
        JwkSet set = open("D18-exact-duplicates")
                .use("twice", "ES256")
                .use("once", "ES256")
                .use("twice", "ES256")
                .verify();

        assertThat(set.find("twice", "ES256")).hasSize(2);
        assertThat(set.duplicateKids()).containsExactly("twice");
    }

    @Test
    void d19BrokenEntriesOfALargeSetCostThemselvesOnlyAndABrokenCertificateCostsNothing() throws Exception {
        ExpectedSet expected = open("D19-many-issuers-keys");
        for (int i = 0; i < 60; i++) {
            if (i == 30 || i == 40 || i == 50) {
                expected.skip(MALFORMED_MEMBER);
            } else {
                expected.use("health-" + i, "ES256");
            }
        }
        JwkSet set = expected.verify();

        assertThat(set.keys().get(20).certificateExpiry()).isEmpty();
        assertThat(set.keys().get(21).certificateExpiry()).isPresent();
    }

    @Test
    void d20ASetOverNimbussCapIsRead() throws Exception {
        byte[] document = read("D20-over-51200-bytes");
        assertThat(document).hasSizeGreaterThan(51_200);
        ExpectedSet expected = new ExpectedSet(document);
        for (int i = 0; i < RawDocument.entries(document).size(); i++) {
            expected.use("large-" + i, "RS256");
        }
        expected.verify();
    }

    @Test
    void d21TwoHundredAndFourKeysAreEachFoundByKid() throws Exception {
        ExpectedSet expected = open("D21-204-keys");
        for (int i = 0; i < 204; i++) {
            expected.use("many-" + i, "RS256");
        }
        assertThat(expected.verify().size()).isEqualTo(204);
    }

    @Test
    void d22TheKeysOfAKubernetesClusterAreUsed() throws Exception {
        open("D22-kubernetes")
                .use("kubernetes-1", "RS256")
                .use("kubernetes-2", "RS256")
                .verify();
    }

    @Test
    void d23APlaceholderIsNoKeySoThatItReplacesNothing() throws Exception {
        open("D23-placeholder").skip(WEAK).verify();

        assertThat(refusal("D23-placeholder").detail()).contains("the RSA modulus has 583 bits");
    }

    @Test
    void d24WhatMustBeRefusedIsRefusedBesideWhatMayBeUsed() throws Exception {
        JwkSet set = open("D24-mixed")
                .use("mixed", "RS256")
                .skip(SYMMETRIC)
                .use("mixed", "ES256")
                .skip(NOT_FOR_SIGNATURES)
                .skip(WEAK)
                .skip(WEAK)
                .verify();

        assertThat(set.find("mixed", "HS256")).isEmpty();
        assertThat(set.duplicateKids()).containsExactly("mixed");
    }

    @Test
    void d24AModulusWithTheRocaFingerprintIsWeak() throws Exception {
        open("D24-roca").use("good", "RS256").skip(WEAK).verify();
    }

    @Test
    void d25PrivateMembersAreDroppedAndCounted() throws Exception {
        JwkSet set = open("D25-private-members")
                .use("leaked-rsa", "RS256")
                .use("leaked-ec", "ES256")
                .use("leaked-okp", "EdDSA", "Ed25519")
                .use("not-leaked", "ES256")
                .verify();

        assertThat(set.privateKeyCount()).isEqualTo(3);
        assertThat(set.keys()).allSatisfy(key -> assertThat(key.publicKey()).isNotInstanceOf(PrivateKey.class));
    }

    @Test
    void d26CurvesThatDoNotSignHereAreSkippedBesideThoseThatDo() throws Exception {
        open("D26-curves")
                .skip(UNSUPPORTED_PARAMETERS)
                .use("p-521", "ES512")
                .use("ed25519", "EdDSA", "Ed25519")
                .skip(NOT_FOR_SIGNATURES)
                .skip(NOT_FOR_SIGNATURES)
                .verify();
    }

    @Test
    void d27EveryOneOfApplesKeysIsFound() throws Exception {
        open("D27-apple")
                .use("apple-1", "RS256")
                .use("apple-2", "RS256")
                .use("apple-3", "RS256")
                .verify();
    }

    @Test
    void d28AMapOfCertificatesIsNoKeySetAndItsSiblingIs() throws Exception {
        assertThat(refusal("D28-certificates-map").reason()).isEqualTo(FailureReason.NO_KEYS_MEMBER);
        open("D28-the-same-as-jwks")
                .use("google-1", "RS256")
                .use("google-2", "RS256")
                .verify();
    }

    @Test
    void d29AnRsaKeyWithoutModulusOrExponentCostsItselfOnly() throws Exception {
        open("D29-incomplete-beside-valid")
                .skip(MALFORMED_MEMBER)
                .use("valid", "RS256")
                .skip(MALFORMED_MEMBER)
                .verify();
    }

    @ParameterizedTest
    @CsvSource({"D30-empty-set, NO_USABLE_KEY", "D30-error-body, NO_KEYS_MEMBER"})
    void d30AnAnswerWithoutKeysIsRefused(String name, FailureReason reason) throws Exception {
        assertThat(refusal(name).reason()).isEqualTo(reason);
    }

    private static ExpectedSet mlDsa(ExpectedSet expected, String kid, String algorithm) {
        return HAS_ML_DSA ? expected.use(kid, algorithm) : expected.skip(UNSUPPORTED_BY_JDK);
    }

    private static FetchException refusal(String name) throws IOException {
        byte[] document = read(name);
        FetchException refused = catchThrowableOfType(FetchException.class, () -> RawDocument.parse(document));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static byte[] decoded(String name, int entry, String member) throws IOException {
        return Base64.getUrlDecoder().decode(entry(name, entry).string(member));
    }

    private static RawKey entry(String name, int entry) throws IOException {
        return RawKey.of(RawDocument.entries(read(name)).get(entry));
    }

    private static ExpectedSet open(String name) throws IOException {
        return new ExpectedSet(read(name));
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = OdditiesTest.class.getResourceAsStream("oddities/" + name + ".json")) {
            assertThat(in).as("oddities/%s.json", name).isNotNull();
            return in.readAllBytes();
        }
    }
}
