package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.sidecar.Cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in sets: everything that needs no provider. */
class InspectFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path folder;

    @Test
    void aGoodSetIsClean() throws Exception {
        Run run = inspect(set(ec("a"), ec("b")));
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("2 entries, 2 usable for signatures")
                .endsWith("clean: nothing to complain about\n");
    }

    @Test
    void secretsInPublicAreBadAndNeverPrinted() throws Exception {
        ECKey leaking = new ECKeyGenerator(Curve.P_256)
                .keyID("leak")
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        OctetSequenceKey symmetric = new OctetSequenceKeyGenerator(256)
                .keyID("shared")
                .algorithm(JWSAlgorithm.HS256)
                .generate();
        String document = set(leaking.toJSONString(), symmetric.toJSONString());

        for (String format : List.of("", "--json")) {
            Run run = inspect(document, format);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out())
                    .contains("entry 0 (kid leak): private members (d) in public")
                    .contains("entry 1 (kid shared): a symmetric key in public")
                    .doesNotContain(leaking.getD().toString())
                    .doesNotContain(symmetric.getKeyValue().toString());
        }
    }

    @Test
    void weakRsaIsBad() throws Exception {
        RSAKey weak = new RSAKeyGenerator(1024, true)
                .keyID("small")
                .algorithm(JWSAlgorithm.RS256)
                .generate()
                .toPublicJWK();
        Run run = inspect(set(weak.toJSONString(), ec("good")));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("bad   entry 0 (kid small): RSA with 1024 bits; 2048 is the least")
                .containsPattern("0  small +RSA +RS256 +– +1024 bits +weak")
                .endsWith("1 finding\n");
    }

    @Test
    void duplicateAndMissingKidsAndAlgsAreFindings() throws Exception {
        String withoutAlg = new ECKeyGenerator(Curve.P_384)
                .keyID("bare")
                .generate()
                .toPublicJWK()
                .toJSONString();
        String withoutKid = new ECKeyGenerator(Curve.P_256)
                .algorithm(JWSAlgorithm.ES256)
                .generate()
                .toPublicJWK()
                .toJSONString();
        Run run = inspect(set(ec("twice"), ec("twice"), withoutAlg, withoutKid));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("bad   entries 0, 1 all have the kid twice")
                .contains(
                        "odd   entry 2 (kid bare): no alg, so that only the verifier decides what it is good for (ES384)")
                .contains("odd   entry 3: no kid")
                .endsWith("3 findings\n");
    }

    @Test
    void unusableEntriesAreBadAndSayWhy() throws Exception {
        Run run = inspect(set(
                ec("good"),
                "{\"kty\":\"XYZ\",\"kid\":\"odd\"}",
                "7",
                "{\"kty\":\"RSA\",\"kid\":\"half\",\"e\":\"AQAB\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"kid\":\"coin\",\"x\":\"AA\",\"y\":\"AA\"}"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("odd   entry 1 (kid odd): unusable: kty \"XYZ\" is not known")
                .contains("bad   entry 2: unusable: the entry is no JSON object")
                .contains("bad   entry 3 (kid half): unusable: member n is missing")
                .contains("odd   entry 4 (kid coin): unusable: curve \"secp256k1\" is not supported")
                .endsWith("4 findings\n");
    }

    @Test
    void encryptionKeysAreWorthANoteOnly() throws Exception {
        JWK encryption = new RSAKeyGenerator(2048)
                .keyID("enc")
                .keyUse(KeyUse.ENCRYPTION)
                .generate()
                .toPublicJWK();
        Run run = inspect(set(ec("good"), encryption.toJSONString()));
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("note  entry 1 (kid enc): not for signatures");
    }

    @Test
    void aSetWithoutUsableKeysIsJudgedEntryByEntry() throws Exception {
        Run run = inspect(set("{\"kty\":\"XYZ\",\"kid\":\"one\"}", "{\"kty\":\"oct\",\"kid\":\"two\",\"k\":\"AAAA\"}"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("2 entries, 0 usable")
                .contains("no entry verifies signatures")
                .contains("entry 0 (kid one): unusable")
                .contains("entry 1 (kid two): a symmetric key in public")
                .doesNotContain("stand-in");
        Run empty = inspect("{\"keys\":[]}");
        assertThat(empty.status()).isEqualTo(1);
        assertThat(empty.out()).contains("the set is empty");
    }

    @Test
    void machinesGetOneObject() throws Exception {
        String hostile = "\u001b[31m\"é";
        Run run = inspect(set(ec("good"), ec(hostile), "{\"kty\":\"XYZ\",\"kid\":\"odd\"}"), "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.out()).matches("[ -~\\n]*");
        Map<String, Object> report = JSONObjectUtils.parse(run.out());
        assertThat(report).containsEntry("clean", false).containsEntry("usable_keys", 2L);
        assertThat(JSONObjectUtils.getJSONObjectArray(report, "entries"))
                .extracting(entry -> entry.get("kid"), entry -> entry.get("usable"))
                .containsExactly(tuple("good", true), tuple(hostile, true), tuple("odd", false));
        assertThat(JSONObjectUtils.getJSONObjectArray(report, "findings"))
                .extracting(finding -> finding.get("code"))
                .containsExactly("unusable");
    }

    @Test
    void textOfTheSetCannotMoveTheCursor() throws Exception {
        String nasty = "\u001b[2J\u009b\u202e\n";
        Run run = inspect(set(
                ec(nasty),
                ec(nasty),
                JSONObjectUtils.toJSONString(
                        Map.of("kty", nasty, "kid", nasty, "alg", nasty, "use", nasty, "crv", nasty))));
        assertThat(run.out().replace("\n", "")).matches("[^\\p{Cntrl}\\u0080-\\u009f\\u202e]*");
    }

    @Test
    void whatIsNoSetIsUnreadable() throws Exception {
        MainTest.assertOneLine(inspect("<html>"), "the document is no JSON object: it looks like HTML or XML");
        MainTest.assertOneLine(inspect(" \n"), "the document is empty");
        MainTest.assertOneLine(inspect("[[\"keys\",[]]]"), "the document is no JSON object");
        MainTest.assertOneLine(inspect("null"), "the document is no JSON object");
        MainTest.assertOneLine(inspect("{\"keys\":{}}"), "the document has no array \"keys\"");
        MainTest.assertOneLine(Cli.run("inspect", folder.resolve("none").toString()), "there is no file");
        MainTest.assertOneLine(Cli.run("inspect", folder.toString()), "cannot be read");
        MainTest.assertOneLine(Cli.run("inspect", "a\0b"), "there is no file");
        Path large = folder.resolve("large");
        Files.write(large, new byte[(8 << 20) + 1]);
        MainTest.assertOneLine(Cli.run("inspect", large.toString()), "has more than 8 MiB");
    }

    private Run inspect(String document, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), document);
        return options.length == 0 || options[0].isEmpty()
                ? Cli.run("inspect", file.toString())
                : Cli.run("inspect", file.toString(), options[0]);
    }

    private static String set(String... entries) {
        return Arrays.stream(entries).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static String ec(String kid) throws Exception {
        return new ECKeyGenerator(Curve.P_256)
                .keyID(kid)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .generate()
                .toPublicJWK()
                .toJSONString();
    }
}
