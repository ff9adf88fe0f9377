package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.PeerComparison.Ours;
import dev.jwkscache.PeerComparison.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * For every RSA, EC and OKP entry of the project's own odd key sets, and of the real ones in the folder that the system
 * property {@code jwks-cache.documents} names: our key equals what Nimbus JOSE+JWT, jose4j and jjwt make of the same JWK,
 * or {@code differences.tsv} says why not.
 */
class PeersTest {
    private static final ResourceTable EXPLANATIONS = ResourceTable.ofResource("differences.tsv");

    @Test
    void everyKeyEqualsWhatOtherLibrariesMakeOfItOrTheDifferenceIsExplained() throws Exception {
        List<PeerComparison> comparisons = new ArrayList<>();
        for (PeerLibrary peer : PeerLibrary.values()) {
            comparisons.add(new PeerComparison(peer, EXPLANATIONS));
        }
        Map<String, byte[]> documents = documents();
        String good = RawDocument.entries(documents.get("D22-kubernetes.json")).get(0);
        int entries = 0;
        for (Map.Entry<String, byte[]> document : documents.entrySet()) {
            List<String> texts = RawDocument.entries(document.getValue());
            for (int i = 0; texts != null && i < texts.size(); i++) {
                String entry = texts.get(i);
                if (!Set.of("RSA", "EC", "OKP").contains(keyType(entry))) {
                    continue;
                }
                entries++;
                Ours ours = ours(good, entry);
                for (PeerComparison comparison : comparisons) {
                    comparison.compare(document.getKey() + "#" + i, entry, ours);
                }
            }
        }
        int compared = entries;
        comparisons.forEach(comparison -> System.out.println(
                "peers: " + compared + " entries of " + documents.size() + " files: " + comparison.summary()));
        assertThat(comparisons)
                .allSatisfy(comparison -> assertThat(comparison.unexplained())
                        .as("differences that differences.tsv does not explain")
                        .isEmpty())
                .allSatisfy(comparison ->
                        assertThat(comparison.count(Outcome.EQUAL)).isGreaterThan(compared / 2));
        assertThat(comparisons)
                .allSatisfy(comparison -> assertThat(comparison.unused(DocumentFolder.isNamed()))
                        .as("explanations of differences that are none")
                        .isEmpty());
    }

    private static Ours ours(String good, String entry) throws FetchException {
        JwkSet set = RawDocument.parse(RawDocument.of(good, entry));
        if (set.size() == 2) {
            return new Ours(PeerKey.of(set.keys().get(1).publicKey()), null);
        }
        SkippedKey skipped = set.skipped().get(0);
        return new Ours(null, skipped.reason() + ": " + skipped.detail());
    }

    private static Object keyType(String entry) throws ParseException {
        Map<String, Object> wrapped = JSONObjectUtils.parse("{\"entry\":" + entry + "}");
        return wrapped.get("entry") instanceof Map<?, ?> members ? String.valueOf(members.get("kty")) : "";
    }

    private static Map<String, byte[]> documents() throws IOException, URISyntaxException {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        Path own = Path.of(PeersTest.class.getResource("oddities").toURI());
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                documents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        assertThat(documents).hasSizeGreaterThan(30);
        if (DocumentFolder.isNamed()) {
            DocumentFolder folder = DocumentFolder.named();
            folder.verdicts().keySet().forEach(file -> documents.put(file, folder.document(file)));
        }
        return documents;
    }
}
