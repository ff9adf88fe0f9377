package dev.jwkscache;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.nio.charset.StandardCharsets;

/**
 * Objects that come from beside a key set: discovery documents, error bodies, key sets wrapped in something. Only a member
 * of the top level that is named {@code keys} and is an array makes a key set (RFC 7517 §5).
 */
class DiscoveryFuzzTest {
    private static final String KEY = MadeUpKeys.json(MadeUpKeys.USABLE.get(0));

    private static final String SET = "{\"keys\":[" + KEY + "]}";

    private static final String[] NAMES = {
        "issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "error", "error_description", "Keys", "KEYS",
                "key",
        "keys ", " keys", "keys\\u0000", "k\\u0435ys", "jwks", "data", "public_keys", "", "0"
    };
    private static final String[] VALUES = {
        "\"https://idp.example\"",
        "\"https://idp.example/jwks.json\"",
        "null",
        "true",
        "0",
        "[]",
        "{}",
        "[\"RS256\"]",
        SET,
        "[" + SET + "]",
        "[" + KEY + "]",
        KEY,
        "{\"keys\":{\"keys\":[" + KEY + "]}}",
        "[[\"keys\",[" + KEY + "]]]"
    };
    /** What {@code keys} may be without making a key set, and at the end what makes one. */
    private static final String[] KEYS = {
        "null",
        "true",
        "1",
        "\"\"",
        "\"[]\"",
        "{}",
        KEY,
        SET,
        "{\"0\":" + KEY + "}",
        "[]",
        "[null]",
        "[[" + KEY + "]]",
        "[\"" + KEY.replace("\"", "\\\"") + "\"]",
        "[" + SET + "]",
        "[" + KEY + "]"
    };

    private static final int FIRST_ARRAY = 9;
    /** The second one is the same name, spelled otherwise. */
    private static final String[] NAMES_OF_KEYS = {"keys", "\\u006b\\u0065ys"};

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    void onlyAnArrayOfUsableKeysAtTheTopIsAKeySet(FuzzedDataProvider data) {
        StringBuilder json = new StringBuilder("{");
        int before = members(data, json, 0);
        int keys = data.consumeInt(-1, KEYS.length - 1);
        if (keys >= 0) {
            comma(json)
                    .append('"')
                    .append(data.pickValue(NAMES_OF_KEYS))
                    .append("\":")
                    .append(KEYS[keys]);
        }
        members(data, json, before);
        byte[] document = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try {
            JwkSet set = read(document);
            Held.that(keys == KEYS.length - 1, "a key set out of something else", json);
            KeyProperties.hold(set, 1);
        } catch (FetchException refused) {
            Held.refusal(refused);
            FailureReason reason = keys >= FIRST_ARRAY ? FailureReason.NO_USABLE_KEY : FailureReason.NO_KEYS_MEMBER;
            Held.that(keys != KEYS.length - 1, "a key set in company is a key set", json);
            Held.that(refused.reason() == reason, "refused for its shape", refused.detail());
        }
    }

    private static JwkSet read(byte[] document) throws FetchException {
        return new JwkSetParser(KeyRules.STANDARD).parse(document);
    }

    /** Writes members whose names are all different, for a repeated one is refused for that; returns how many. */
    private static int members(FuzzedDataProvider data, StringBuilder json, int from) {
        int count = data.consumeInt(0, 5);
        for (int i = from; i < from + count; i++) {
            String value = data.consumeBoolean() ? data.pickValue(VALUES) : '"' + text(data) + '"';
            comma(json)
                    .append('"')
                    .append(i == 0 ? data.pickValue(NAMES) : text(data) + i)
                    .append("\":")
                    .append(value);
        }
        return from + count;
    }

    private static StringBuilder comma(StringBuilder json) {
        return json.length() == 1 ? json : json.append(',');
    }

    private static String text(FuzzedDataProvider data) {
        StringBuilder safe = new StringBuilder();
        data.consumeString(24).chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }
}
