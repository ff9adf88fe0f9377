package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DocumentsTest {
    private final ScriptedProvider provider = ScriptedProvider.inMemory(new VirtualTime(), "RS256", "ES256");

    @Test
    void healthyStatusServesTheKeysAndAnErrorStatusDoesNot() {
        assertThat(body(Behaviour.status(203))).isEqualTo(provider.document());
        assertThat(body(Behaviour.status(503))).isEqualTo("{\"error\":\"server_error\"}");
        assertThat(body(Behaviour.status(204))).isEmpty();
        assertThat(body(Behaviour.status(304))).isEmpty();
    }

    @Test
    void htmlIsALoginPage() {
        ProviderResponse response = response(Behaviour.html());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).startsWith("text/html");
        assertThat(text(response)).startsWith("<!DOCTYPE html>");
    }

    @Test
    void emptySetNoKeysAndArrayAreValidJsonAndNoUsableSet() throws Exception {
        assertThat(JWKSet.parse(body(Behaviour.emptySet())).getKeys()).isEmpty();
        assertThat(JSONObjectUtils.parse(body(Behaviour.noKeys()))).containsOnlyKeys("error");
        String array = body(Behaviour.jsonArray());
        assertThat(JWKSet.parse("{\"keys\":" + array + "}").getKeys()).hasSize(2);
    }

    @Test
    void truncatedIsHalfOfTheDocument() {
        String half = body(Behaviour.truncated());

        assertThat(provider.document()).startsWith(half);
        assertThat(half).hasSize(provider.document().length() / 2);
        assertThatExceptionOfType(ParseException.class).isThrownBy(() -> JWKSet.parse(half));
    }

    @Test
    void oneBadKeyStandsBesideTheGoodOnes() throws Exception {
        List<Map<String, Object>> entries = entries(Behaviour.oneBadKey());

        assertThat(entries).hasSize(3);
        assertThat(entries.get(2))
                .containsEntry("kty", "RSA")
                .containsEntry("kid", "scripted-without-n")
                .doesNotContainKey("n");
        assertThat(kids(entries)).startsWith(ownKids());
    }

    @Test
    void unknownTypesStandBesideTheGoodOnes() throws Exception {
        List<Map<String, Object>> entries = entries(Behaviour.unknownKty());

        assertThat(kids(entries))
                .startsWith(ownKids())
                .endsWith("scripted-unknown-kty", "scripted-secp256k1", "scripted-symmetric", "scripted-encryption");
        JWKSet parsed = JWKSet.parse(body(Behaviour.unknownKty()));
        assertThat(parsed.getKeyByKeyId("scripted-secp256k1").toECKey().getCurve())
                .hasToString("secp256k1");
        assertThat(parsed.getKeyByKeyId("scripted-symmetric")
                        .toOctetSequenceKey()
                        .size())
                .isEqualTo(256);
        assertThat(parsed.getKeyByKeyId("scripted-encryption").getKeyUse().identifier())
                .isEqualTo("enc");
        assertThat(parsed.getKeyByKeyId("scripted-unknown-kty")).isNull();
    }

    @Test
    void onlyEncryptionKeysHasNothingForSignatures() throws Exception {
        List<Map<String, Object>> entries = entries(Behaviour.onlyEncryptionKeys());

        assertThat(entries).isNotEmpty().allSatisfy(entry -> assertThat(entry).containsEntry("use", "enc"));
        assertThat(body(Behaviour.onlyEncryptionKeys())).isEqualTo(body(Behaviour.onlyEncryptionKeys()));
    }

    @Test
    void privateMembersLeaksTheRealPrivateKey() throws Exception {
        JWK leaked = JWKSet.parse(body(Behaviour.privateMembers())).getKeys().get(0);

        assertThat(leaked.isPrivate()).isTrue();
        assertThat(leaked.toRSAKey().toPrivateKey())
                .isEqualTo(provider.current("RS256").privateKey());
        assertThat(leaked.getKeyID()).isEqualTo(provider.current("RS256").kid());
    }

    @Test
    void privateMembersAddsAnRsaKeyWhereThereIsNone() throws Exception {
        provider.withdraw(provider.current("RS256"));

        List<JWK> keys = JWKSet.parse(body(Behaviour.privateMembers())).getKeys();

        assertThat(keys).extracting(JWK::isPrivate).containsExactly(false, true);
    }

    @Test
    void deepNestingIsBalanced() {
        assertThat(body(Behaviour.deepNesting(3))).isEqualTo("{\"keys\":[[[]]]}");
        assertThat(body(Behaviour.deepNesting(100_000))).hasSize(200_009);
    }

    @Test
    void whatIsPublishedIsWhatHealthyTruncatedAndOversizeServe() {
        provider.publish("{\"keys\":[ ]}");

        assertThat(body(Behaviour.healthy())).isEqualTo("{\"keys\":[ ]}");
        assertThat(body(Behaviour.truncated())).isEqualTo("{\"keys");
        assertThat(body(Behaviour.oversize(20))).isEqualTo("{\"keys\":[ ]        }");
        assertThat(body(Behaviour.oversize(3))).isEqualTo("{\"keys\":[ ]}");
    }

    @Test
    void redirectsSayWhere() {
        ProviderResponse response = response(Behaviour.redirectSameOrigin());

        assertThat(response.status()).isEqualTo(302);
        assertThat(response.header("Location")).isEqualTo("/moved.json");
        assertThat(response.body()).isEmpty();
    }

    private static List<String> kids(List<Map<String, Object>> entries) {
        return entries.stream().map(entry -> String.valueOf(entry.get("kid"))).toList();
    }

    private String[] ownKids() {
        return provider.keys().stream().map(SigningKey::kid).toArray(String[]::new);
    }

    private List<Map<String, Object>> entries(Behaviour behaviour) throws ParseException {
        return List.of(JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(body(behaviour)), "keys"));
    }

    private String body(Behaviour behaviour) {
        return text(response(behaviour));
    }

    private ProviderResponse response(Behaviour behaviour) {
        provider.behave(behaviour);
        return provider.exchange(Map.of()).join();
    }

    private static String text(ProviderResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
