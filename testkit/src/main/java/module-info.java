/** A scripted identity provider on loopback, and time under the hand of a test. */
module dev.jwkscache.testkit {
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports dev.jwkscache.testkit;
}
