package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Any octets at all in the place of a key set document. */
class DocumentFuzzTest {
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "k", "priv");
    /** Shorter ones may stand in a message by chance. */
    private static final int SECRET_LENGTH = 24;

    private static final List<Boolean> ONE_IN_EIGHT = List.of(true, false, false, false, false, false, false, false);

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "jwks.dict")
    void anyOctetsAreAUsableSetOrARefusal(byte[] document) {
        List<?> entries = entries(document);
        List<String> told = new ArrayList<>();
        try {
            JwkSet set = read(document);
            Held.that(entries != null, "a set out of a document without an array keys");
            Held.that(isObject(document), "an object, no array of pairs");
            KeyProperties.hold(set, entries.size());
            order(set, entries);
            // Dear, so that the long run does it for one document in eight.
            if (Held.of(ONE_IN_EIGHT, document.length).contains(true)) {
                KeyProperties.same(set, read(document));
                company(set, entries);
            }
            told.add(set.toString());
            set.keys().forEach(key -> told.add(key.toString()));
            set.skipped().forEach(skipped -> told.add(skipped.toString()));
        } catch (FetchException refused) {
            Held.refusal(refused);
            told.add(refused.detail());
        }
        if (entries != null) {
            secrets(entries, String.join("\n", told));
        }
    }

    private static JwkSet read(byte[] document) throws FetchException {
        return new JwkSetParser(KeyRules.STANDARD).parse(document);
    }

    /** What is not skipped is used, in the order of the document. */
    private static void order(JwkSet set, List<?> entries) {
        Set<Integer> skipped = new HashSet<>();
        set.skipped().forEach(entry -> skipped.add(entry.index()));
        int next = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (!skipped.contains(i)) {
                Map<?, ?> members = (Map<?, ?>) entries.get(i);
                Jwk key = set.keys().get(next++);
                Object kid = members.get("kid") instanceof String text && !text.isEmpty() ? text : null;
                Held.that(
                        key.keyType().equals(members.get("kty"))
                                && key.kid().map(k -> k.equals(kid)).orElse(kid == null),
                        "the entry at its place",
                        key);
                Object operations = members.get("key_ops");
                Held.that(
                        operations == null || (operations instanceof List<?> list && list.contains("verify")),
                        "no key for other operations",
                        key);
                Held.that(
                        !(members.get("use") instanceof String use) || use.equals("sig"), "no key for encryption", key);
            }
        }
    }

    /** An entry is used or skipped for what it is, whatever stands beside it. */
    private static void company(JwkSet set, List<?> entries) {
        Set<Integer> skipped = new HashSet<>();
        for (SkippedKey entry : set.skipped()) {
            skipped.add(entry.index());
            boolean symmetric =
                    entries.get(entry.index()) instanceof Map<?, ?> members && "oct".equals(members.get("kty"));
            Held.that(symmetric == (entry.reason() == SkipReason.SYMMETRIC), "a symmetric key is called so", entry);
        }
        for (int i = 0; i < entries.size(); i++) {
            Map<String, Object> alone = new HashMap<>();
            alone.put("keys", Collections.singletonList(entries.get(i)));
            boolean used;
            try {
                used = read(JSONObjectUtils.toJSONString(alone).getBytes(StandardCharsets.UTF_8))
                                .size()
                        == 1;
            } catch (FetchException refused) {
                used = false;
            }
            Held.that(used != skipped.contains(i), "alone as in company", entries.get(i));
        }
    }

    private static void secrets(List<?> entries, String told) {
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> members) {
                members.forEach((name, value) -> {
                    if (PRIVATE.contains(name) && value instanceof String secret && secret.length() >= SECRET_LENGTH) {
                        Held.that(
                                !told.contains(secret) || isPublishedToo(entries, secret),
                                "a private member is told",
                                name);
                    }
                });
            }
        }
    }

    private static boolean isPublishedToo(List<?> entries, String secret) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof Map<?, ?> members
                        && members.entrySet().stream()
                                .anyMatch(member -> !PRIVATE.contains(member.getKey())
                                        && String.valueOf(member.getValue()).contains(secret)));
    }

    /** The JSON reader takes an array of pairs for an object; a byte order mark may be there (RFC 8259 §8.1). */
    private static boolean isObject(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        return (text.startsWith("\ufeff") ? text.substring(1) : text).strip().startsWith("{");
    }

    private static List<?> entries(byte[] document) {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(new String(document, StandardCharsets.UTF_8));
            return json != null && json.get("keys") instanceof List<?> list ? list : null;
        } catch (ParseException | RuntimeException | StackOverflowError noJson) {
            return null;
        }
    }
}
