package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the tests of documents try what was published, letter by letter. */
class RawDocumentTest {
    @Test
    void anEntryIsCutOutAsItStands() {
        assertThat(
                        entries(
                                "{ \"a\":[{}], \"keys\" : [ {\"e\":\"]}\\\"\", \"e\":[1,{}]} ,7, null,\"x\" , []],\"b\":-1.5e3 }"))
                .containsExactly("{\"e\":\"]}\\\"\", \"e\":[1,{}]}", "7", "null", "\"x\"", "[]");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheDocument() {
        assertThat(entries("\uFEFF{\"keys\":[]}")).isEmpty();
    }

    @Test
    void withoutKeysThereAreNoEntries() {
        assertThat(entries("{\"kty\":\"RSA\",\"x5c\":[\"keys\"]}")).isNull();
        assertThat(entries("{}")).isNull();
    }

    @Test
    void ofAMemberNamedTwiceTheLastCountsInTheTestsAndInTheLibrary() throws Exception {
        String good = KeyChoiceTest.ecKey("k");
        String twice = good.replaceFirst("\\{", "{\"x\":\"AAAA\",\"kid\":\"first\",");

        assertThat(RawKey.of(twice).kid()).isEqualTo("k");
        assertThat(RawDocument.parse(RawDocument.of(twice)).find("k", "ES256"))
                .extracting(VerificationKey::thumbprint)
                .containsExactly(RawKey.of(good).thumbprint());
    }

    @Test
    void aTableWithALineOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> ResourceTable.parse("# comment\na\tb\n1\t2\n1\n"))
                .hasMessage("line 4 has 1 columns, not 2");
        assertThat(ResourceTable.parse("a\tb\n1\t\n").rows().get(0).get("b")).isEmpty();
    }

    private static List<String> entries(String document) {
        return RawDocument.entries(document.getBytes(StandardCharsets.UTF_8));
    }
}
