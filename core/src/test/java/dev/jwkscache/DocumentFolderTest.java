package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.DocumentFolder.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a wrong folder of real documents is noticed instead of being tested as an empty one. */
class DocumentFolderTest {
    private static final String INDEX = "file\tprovider\n001.json\tA\n002.json\tB\n";
    private static final String VERDICTS = "file\tentry\tverdict\treason\n001.json\t0\tusable\tEC P-256\n";

    @TempDir
    Path folder;

    @Test
    void readsVerdictsInTheOrderOfTheIndex() throws Exception {
        write(INDEX, VERDICTS);

        assertThat(DocumentFolder.open(folder.toString()).verdicts())
                .containsOnlyKeys("001.json", "002.json")
                .hasEntrySatisfying(
                        "001.json",
                        verdicts ->
                                assertThat(verdicts).containsExactly(new Verdict("001.json", 0, "usable", "EC P-256")));
    }

    @Test
    void aNameThatIsNoFolderOfDocumentsFailsWithTheNameAndWhatToDo() {
        for (String name : new String[] {folder.resolve("absent").toString(), folder.toString(), "", "\0"}) {
            assertThatThrownBy(() -> DocumentFolder.open(name))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("-Djwks-cache.documents=" + name)
                    .hasMessageContaining("absolute path");
        }
    }

    @Test
    void verdictsThatDoNotGoWithTheIndexFail() throws Exception {
        write(INDEX, VERDICTS + "003.json\t0\tusable\tEC P-256\n");
        assertThatThrownBy(() -> DocumentFolder.open(folder.toString())).hasMessageContaining("003.json");

        write(INDEX, VERDICTS + "001.json\t2\tusable\tEC P-256\n");
        assertThatThrownBy(() -> DocumentFolder.open(folder.toString())).hasMessageContaining("does not go with");

        write("file\tprovider\n", "file\tentry\tverdict\treason\n");
        assertThatThrownBy(() -> DocumentFolder.open(folder.toString())).hasMessageContaining("names no document");
    }

    private void write(String index, String verdicts) throws Exception {
        Files.writeString(folder.resolve("INDEX.tsv"), index);
        Files.writeString(folder.resolve("VERDICTS.tsv"), verdicts);
    }
}
