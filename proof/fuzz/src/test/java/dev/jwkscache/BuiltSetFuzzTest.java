package dev.jwkscache;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sets that are put together from good keys and every kind of damage, so that it is known what must become of each entry:
 * random octets seldom get as far as a key.
 */
class BuiltSetFuzzTest {
    private static final int MOST_ENTRIES = 12;
    private static final String SECRET = "PRIVATE-MEMBER-OF-A-KEY";

    private static final String INFINITE = "1e400";

    private static final String[] MEMBERS = {
        "kty",
        "crv",
        "n",
        "e",
        "x",
        "y",
        "use",
        "key_ops",
        "alg",
        "kid",
        "x5c",
        "x5t",
        "x5t#S256",
        "x5u",
        "pub",
        "issuer",
        "exp",
        "keys",
        "KID",
        "kid ",
        ""
    };
    private static final String[] PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};
    private static final String[] WORDS = {
        "RSA",
        "EC",
        "OKP",
        "AKP",
        "oct",
        "XYZ",
        "P-256",
        "P-384",
        "P-521",
        "secp256k1",
        "Ed25519",
        "Ed448",
        "X25519",
        "X448",
        "sig",
        "enc",
        "SIG",
        "RS256",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "EdDSA",
        "HS256",
        "none",
        "RSA-OAEP",
        "RSA-OAEP-256",
        "ECDH-ES",
        "A128KW",
        "dir",
        "ML-DSA-44",
        "ML-DSA-65",
        "AQAB",
        "Aw",
        "AQ",
        "AA",
        "",
        "=",
        "AQAB=",
        "+/+/",
        "----",
        "\u0000",
        "\u202e\u0007",
        "\ud83d\ude00",
        "\ud800"
    };
    private static final String[] LITERALS = {
        "null",
        "true",
        "0",
        "-1",
        INFINITE,
        "1e-400",
        "65537",
        "18446744073709551616",
        "[]",
        "{}",
        "[\"verify\"]",
        "[\"sign\",\"verify\"]",
        "[\"encrypt\"]",
        "[null]",
        "[[[[[[[[]]]]]]]]",
        "{\"kty\":\"RSA\"}",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "[\"AAAA\"]",
        "[\"!\",1]",
        "[\"MIIB\"]"
    };
    private static final String[] NO_OBJECTS = {"null", "true", "1", INFINITE, "\"RSA\"", "[]", "[{}]", "[[[[]]]]"};

    /** An entry, with what is known about it. */
    private record Built(String json, boolean mustBeUsed, boolean mustBeSkipped) {}

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    void whatIsGoodIsServedWhateverStandsBesideIt(FuzzedDataProvider data) {
        List<Built> entries = new ArrayList<>();
        boolean odd = false;
        // Reading a key costs more than all else here; many at once are needed for the bound of ten only.
        int count = data.consumeInt(0, 31) == 31 ? MOST_ENTRIES : data.consumeInt(0, 4);
        for (int i = 0; i < count; i++) {
            Map<String, List<String>> members = data.consumeInt(0, 7) == 0 ? null : members(data);
            if (members == null) {
                String json = data.pickValue(NO_OBJECTS);
                odd |= json.equals(INFINITE);
                entries.add(new Built(json, false, true));
            } else {
                odd |= isOdd(members);
                entries.add(built(members));
            }
        }
        byte[] document = document(entries, data).getBytes(StandardCharsets.UTF_8);
        boolean anyMust = entries.stream().anyMatch(Built::mustBeUsed);
        try {
            JwkSet set = read(document);
            KeyProperties.hold(set, entries.size());
            fates(set, entries);
            told(set.toString() + set.skipped() + set.keys());
        } catch (FetchException refused) {
            Held.refusal(refused);
            told(refused.detail());
            Held.that(odd || !anyMust, "a set with a good key is served", refused.detail());
            Held.that(
                    odd || refused.reason() == FailureReason.NO_USABLE_KEY,
                    "a well-formed set is refused for its keys only",
                    refused.reason());
        }
    }

    private static JwkSet read(byte[] document) throws FetchException {
        return new JwkSetParser(KeyRules.STANDARD).parse(document);
    }

    private static void fates(JwkSet set, List<Built> entries) {
        Set<Integer> skipped = new HashSet<>();
        set.skipped().forEach(entry -> skipped.add(entry.index()));
        for (int i = 0; i < entries.size(); i++) {
            Held.that(!(entries.get(i).mustBeUsed() && skipped.contains(i)), "a good key is served", entries.get(i));
            Held.that(!entries.get(i).mustBeSkipped() || skipped.contains(i), "it is skipped", entries.get(i));
        }
    }

    private static void told(String text) {
        Held.that(!text.contains(SECRET), "no private member is told", text);
    }

    /** A good key with some damage; a member with two values is written twice, and the last one counts. */
    private static Map<String, List<String>> members(FuzzedDataProvider data) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        data.pickValue(MadeUpKeys.USABLE).forEach((name, value) -> members.put(name, new ArrayList<>(List.of(value))));
        int changes = data.consumeInt(0, 4);
        for (int i = 0; i < changes; i++) {
            String name = data.pickValue(MEMBERS);
            switch (data.consumeInt(0, 9)) {
                case 0 -> members.remove(name);
                case 1 -> members.computeIfAbsent(name, n -> new ArrayList<>()).add(value(data));
                case 2, 3 -> members.put(data.pickValue(PRIVATE), new ArrayList<>(List.of('"' + SECRET + i + '"')));
                case 4 -> {
                    String other = data.pickValue(MadeUpKeys.USABLE).get(name);
                    members.put(name, new ArrayList<>(List.of(other == null ? "null" : other)));
                }
                default -> members.put(name, new ArrayList<>(List.of(value(data))));
            }
        }
        return members;
    }

    private static String value(FuzzedDataProvider data) {
        return switch (data.consumeInt(0, 5)) {
            case 0, 1 -> quoted(data.pickValue(WORDS));
            case 2 -> data.pickValue(LITERALS);
            case 3 -> quoted(data.consumeString(120));
            case 4 -> '[' + quoted(data.consumeString(20)) + "," + quoted(data.pickValue(WORDS)) + ']';
            default -> "\"" + Base64.getUrlEncoder().encodeToString(data.consumeBytes(80)) + '"';
        };
    }

    /** What must become of a key follows from what its members say now, whatever was done to them before. */
    private static Built built(Map<String, List<String>> members) {
        StringBuilder json = new StringBuilder("{");
        members.forEach((name, values) -> values.forEach(value -> {
            json.append(json.length() == 1 ? "" : ",")
                    .append(quoted(name))
                    .append(':')
                    .append(value);
        }));
        String use = only(members, "use");
        String operations = only(members, "key_ops");
        String type = only(members, "kty");
        boolean notForSignatures = !use.isEmpty() && !use.equals("\"sig\"") && !use.equals("null");
        boolean notToVerify = !operations.isEmpty() && !operations.equals("null") && !operations.contains("\"verify\"");
        boolean whole = MadeUpKeys.USABLE.stream()
                        .anyMatch(key -> key.entrySet().stream()
                                .allMatch(member -> member.getValue().equals(only(members, member.getKey()))))
                && use.isEmpty()
                && operations.isEmpty()
                && only(members, "alg").isEmpty();
        return new Built(
                json.append('}').toString(),
                whole,
                notForSignatures || notToVerify || type.isEmpty() || type.equals("\"oct\""));
    }

    /** A number beyond a double: the JSON reader refuses the document as a whole. */
    private static boolean isOdd(Map<String, List<String>> members) {
        return members.values().stream().anyMatch(values -> values.contains(INFINITE));
    }

    private static String only(Map<String, List<String>> members, String name) {
        List<String> values = members.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.get(values.size() - 1);
    }

    private static String document(List<Built> entries, FuzzedDataProvider data) {
        StringBuilder json =
                new StringBuilder(data.consumeBoolean() ? "{\"keys\":[" : " \r\n\t{\"x\":[1],\"keys\" : [");
        for (Built entry : entries) {
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append(entry.json());
        }
        return json.append(data.consumeBoolean() ? "]}" : "],\"extra\":{\"keys\":[]}}\n")
                .toString();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
