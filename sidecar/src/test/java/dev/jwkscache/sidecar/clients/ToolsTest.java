package dev.jwkscache.sidecar.clients;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** A client that cannot be started is skipped where nobody has said that it must be there, and nowhere else. */
class ToolsTest {
    private static final String REQUIRED = "clients.required";

    private final String before = System.getProperty(REQUIRED, "");

    @BeforeEach
    void nobodyHasSaid() {
        System.clearProperty(REQUIRED);
    }

    @AfterEach
    void asBefore() {
        System.setProperty(REQUIRED, before);
    }

    @Test
    void whatIsMissingSkipsTheTestAndSaysWhatToInstall() {
        assertThatThrownBy(() -> Tools.program("no-such-program", "the package of it"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-program: install the package of it")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsRequiredAndMissingFailsTheTest() {
        System.setProperty(REQUIRED, "true");
        assertThatThrownBy(() -> Tools.program("no-such-program", "the package of it"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-program: install the package of it");
    }
}
