package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must come out of a document, entry by entry, and the comparison with what does: no key more, no key less, under
 * every kid and algorithm.
 */
final class ExpectedSet {
    /** The bound on candidates of a lookup without kid (DESIGN §2.3). */
    private static final int BOUND = 10;

    private static final List<String> ALGORITHMS = List.of(
            "RS256",
            "RS384",
            "RS512",
            "PS256",
            "PS384",
            "PS512",
            "ES256",
            "ES384",
            "ES512",
            "ES256K",
            "EdDSA",
            "Ed25519",
            "Ed448",
            "ML-DSA-44",
            "ML-DSA-65",
            "ML-DSA-87",
            "HS256",
            "none",
            "RSA-OAEP");

    private final byte[] document;
    private final List<String> entries;
    private final Map<Integer, RawKey> used = new LinkedHashMap<>();
    private final Map<Integer, SkipReason> skipped = new LinkedHashMap<>();

    ExpectedSet(byte[] document) {
        this.document = document;
        List<String> found = RawDocument.entries(document);
        this.entries = found == null ? List.of() : found;
    }

    /** The next entry is used. */
    ExpectedSet use() {
        int entry = used.size() + skipped.size();
        used.put(entry, RawKey.of(entries.get(entry)));
        return this;
    }

    /** The next entry is used, under this kid (null: without) and for these algorithms. */
    ExpectedSet use(String kid, String... algorithms) {
        int entry = used.size() + skipped.size();
        use();
        assertThat(used.get(entry).kid()).as("kid of entry %s", entry).isEqualTo(kid);
        assertThat(used.get(entry).algorithms())
                .as("algorithms of entry %s", entry)
                .containsExactlyInAnyOrder(algorithms);
        return this;
    }

    /** The next entry is skipped. */
    ExpectedSet skip(SkipReason reason) {
        skipped.put(used.size() + skipped.size(), reason);
        return this;
    }

    /** Parses the document and compares. */
    JwkSet verify() throws FetchException {
        assertThat(used.size() + skipped.size())
                .as("entries that were thought of")
                .isEqualTo(entries.size());
        if (used.isEmpty()) {
            verifyRefusal();
            return null;
        }
        JwkSet set = RawDocument.parse(document);
        Map<Integer, SkipReason> reasons = new LinkedHashMap<>();
        set.skipped().forEach(entry -> reasons.put(entry.index(), entry.reason()));
        assertThat(reasons).as("skipped entries").isEqualTo(skipped);
        assertThat(set.keys())
                .extracting(Jwk::thumbprint)
                .as("thumbprints of the used entries")
                .containsExactlyElementsOf(
                        used.values().stream().map(RawKey::thumbprint).toList());
        int position = 0;
        for (RawKey key : used.values()) {
            Jwk made = set.keys().get(position++);
            assertThat(key.thumbprintOf(made.publicKey()))
                    .as("thumbprint of the public key itself, %s", key.kid())
                    .isEqualTo(made.thumbprint());
            assertThat(made.kid().orElse(null)).isEqualTo(key.kid());
        }
        verifyLookups(set);
        assertThat(set.privateKeyCount()).as("entries with private members").isEqualTo((int) entries.stream()
                .filter(entry -> entry.startsWith("{"))
                .filter(entry -> RawKey.of(entry).hasPrivateMembers())
                .count());
        return set;
    }

    private void verifyLookups(JwkSet set) {
        Map<String, Map<String, List<String>>> byAlgorithm = new HashMap<>();
        Set<String> kids = new LinkedHashSet<>(List.of("a kid that nobody has"));
        for (RawKey key : used.values()) {
            String kid = key.kid() == null ? "" : key.kid();
            kids.add(kid);
            for (String algorithm : key.algorithms()) {
                Map<String, List<String>> byKid = byAlgorithm.computeIfAbsent(algorithm, a -> new HashMap<>());
                byKid.computeIfAbsent(kid, k -> new ArrayList<>()).add(key.thumbprint());
                byKid.computeIfAbsent(null, k -> new ArrayList<>()).add(key.thumbprint());
            }
        }
        for (String entry : entries) {
            if (entry.startsWith("{") && RawKey.of(entry).kid() != null) {
                kids.add(RawKey.of(entry).kid());
            }
        }
        kids.remove("");
        for (String algorithm : ALGORITHMS) {
            Map<String, List<String>> byKid = byAlgorithm.getOrDefault(algorithm, new HashMap<>());
            for (String kid : kids) {
                assertThat(set.find(kid, algorithm))
                        .extracting(VerificationKey::thumbprint)
                        .as("find(%s, %s)", kid, algorithm)
                        .isEqualTo(byKid.getOrDefault(kid, List.of()));
            }
            List<String> any = byKid.getOrDefault(null, List.of());
            for (String none : new String[] {null, ""}) {
                assertThat(set.find(none, algorithm))
                        .extracting(VerificationKey::thumbprint)
                        .as("find(%s, %s)", none, algorithm)
                        .isEqualTo(any.subList(0, Math.min(BOUND, any.size())));
            }
        }
    }

    private void verifyRefusal() {
        FetchException refused = catchThrowableOfType(FetchException.class, () -> RawDocument.parse(document));
        assertThat(refused).as("a document without a usable key is refused").isNotNull();
        boolean hasKeys = RawDocument.entries(document) != null;
        assertThat(refused.reason()).isEqualTo(hasKeys ? FailureReason.NO_USABLE_KEY : FailureReason.NO_KEYS_MEMBER);
        if (!entries.isEmpty()) {
            assertThat(refused.detail()).startsWith("none of the " + entries.size() + " entries verifies signatures");
        } else if (hasKeys) {
            assertThat(refused.detail()).isEqualTo("the set is empty");
        }
    }
}
