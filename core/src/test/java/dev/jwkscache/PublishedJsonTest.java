package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Jwk.json}: what is served on is what was published, without what nobody may see. */
class PublishedJsonTest {
    private static final KeyRules KEEPING = new KeyRules(2048, Set.of("sig"), true);
    private static final String POINT = "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
            + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"";

    @Test
    void everyMemberIsKeptAlsoTheOnesThatNobodyKnows() throws Exception {
        String entry = "{\"kty\":\"EC\",\"crv\":\"P-256\"," + POINT
                + ",\"kid\":\"a\\u0000é\",\"use\":\"sig\",\"key_ops\":[\"verify\"],\"x5t\":\"t\",\"x5c\":[\"!\"],"
                + "\"issuer\":\"https://idp.example\",\"exp\":1e3,\"nested\":{\"d\":1,\"list\":[true,null]}}";

        Jwk key = only("{\"keys\":[" + entry + "]}", KEEPING);

        assertThat(JSONObjectUtils.parse(key.json().orElseThrow())).isEqualTo(JSONObjectUtils.parse(entry));
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
    void privateMembersAreNotAmongThem(String member) throws Exception {
        String entry = "{\"kty\":\"EC\",\"crv\":\"P-256\"," + POINT + ",\"" + member + "\":\"c2VjcmV0\"}";

        String json = only("{\"keys\":[" + entry + "]}", KEEPING).json().orElseThrow();

        Map<String, Object> expected = new LinkedHashMap<>(JSONObjectUtils.parse(entry));
        expected.remove(member);
        assertThat(JSONObjectUtils.parse(json)).isEqualTo(expected);
        assertThat(json).doesNotContain("c2VjcmV0");
    }

    @Test
    void isNotKeptUnlessAskedFor() throws Exception {
        assertThat(only("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"," + POINT + "}]}", KeyRules.STANDARD)
                        .json())
                .isEmpty();
    }

    @Test
    void theBuilderSaysSo() {
        try (Stage stage = Stage.started(builder -> builder.keepJson(true))) {
            assertThat(stage.cache.get().keys())
                    .allSatisfy(
                            key -> assertThat(key.json().orElseThrow()).contains("\"kid\":\"" + stage.kid() + "\""));
        }
    }

    private static Jwk only(String document, KeyRules rules) throws FetchException {
        return new JwkSetParser(rules)
                .parse(document.getBytes(StandardCharsets.UTF_8))
                .keys()
                .get(0);
    }
}
