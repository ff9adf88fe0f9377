package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BehaviourTest {
    @Test
    void describesItselfForPeople() {
        assertThat(Behaviour.healthy()).hasToString("healthy");
        assertThat(Behaviour.refuse()).hasToString("connection refused");
        assertThat(Behaviour.hangBeforeHeaders()).hasToString("hang before headers");
        assertThat(Behaviour.drip(1, Duration.ofMillis(1500))).hasToString("drip 1 B every 1.5 s");
        assertThat(Behaviour.status(503, Duration.ofSeconds(30)).slow(Duration.ofSeconds(2)))
                .hasToString("status 503 after 2 s, Retry-After: 30");
        assertThat(Behaviour.withEtag().cacheControl("max-age=60"))
                .hasToString("healthy with ETag, Cache-Control: max-age=60");
        assertThat(Behaviour.chunkedOversize(2_000_000)).hasToString("oversize, 2000000 B, chunked");
        assertThat(Behaviour.gzip()).hasToString("healthy, gzip");
        assertThat(Behaviour.redirectTo(URI.create("https://evil.test/keys")))
                .hasToString("redirect, Location: https://evil.test/keys");
    }

    @Test
    void theSameBehavioursAreEqual() {
        assertThat(Behaviour.status(503).header("X", "1").slow(Duration.ofSeconds(1)))
                .isEqualTo(Behaviour.status(503).slow(Duration.ofMillis(1000)).header("X", "1"))
                .hasSameHashCodeAs(
                        Behaviour.status(503).slow(Duration.ofMillis(1000)).header("X", "1"))
                .isNotEqualTo(Behaviour.status(503).slow(Duration.ofSeconds(1)))
                .isNotEqualTo(Behaviour.status(502).header("X", "1").slow(Duration.ofSeconds(1)));
        assertThat(Behaviour.drip(1, Duration.ofSeconds(1))).isNotEqualTo(Behaviour.drip(2, Duration.ofSeconds(1)));
    }

    @Test
    void refiningMakesANewBehaviour() {
        Behaviour plain = Behaviour.withEtag();

        Behaviour refined = plain.header("X-Cache", "HIT");

        assertThat(plain).hasToString("healthy with ETag");
        assertThat(refined).hasToString("healthy with ETag, X-Cache: HIT");
    }

    @Test
    void aHeaderReplacesTheOneOfTheSameNameInAnyCase() {
        assertThat(Behaviour.healthy().header("cache-control", "no-store").cacheControl("max-age=1"))
                .hasToString("healthy, Cache-Control: max-age=1");
    }

    @Test
    void retryAfterIsRoundedUpToWholeSeconds() {
        assertThat(Behaviour.tooManyRequests(Duration.ofMillis(1001))).hasToString("status 429, Retry-After: 2");
        assertThat(Behaviour.tooManyRequests(Duration.ofSeconds(2))).hasToString("status 429, Retry-After: 2");
        assertThat(Behaviour.tooManyRequests(Duration.ZERO)).hasToString("status 429, Retry-After: 0");
    }

    @Test
    void badArgumentsAreRefusedWithValueAndBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Behaviour.status(600))
                .withMessageContaining("from 200 to 599, but is 600");
        assertThatIllegalArgumentException().isThrownBy(() -> Behaviour.status(199));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Behaviour.drip(0, Duration.ofSeconds(1)))
                .withMessageContaining("at least 1, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Behaviour.drip(1, Duration.ZERO))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> Behaviour.oversize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Behaviour.deepNesting(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Behaviour.healthy().slow(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException().isThrownBy(() -> Behaviour.tooManyRequests(Duration.ofSeconds(-1)));
    }

    @Test
    void headersThatWouldBreakTheMessageAreRefused() {
        Behaviour healthy = Behaviour.healthy();

        assertThatIllegalArgumentException().isThrownBy(() -> healthy.header("X\r\nY", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> healthy.header("", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> healthy.header("X", "1\r\nSet-Cookie: a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> healthy.header("content-length", "7"))
                .withMessageContaining("cutOff");
        assertThatIllegalArgumentException().isThrownBy(() -> healthy.header("Transfer-Encoding", "gzip"));
    }

    @Test
    void nothingIsAddedWhereItCouldNotBeSeen() {
        assertThatIllegalStateException().isThrownBy(() -> Behaviour.refuse().slow(Duration.ofSeconds(1)));
        assertThatIllegalStateException().isThrownBy(() -> Behaviour.refuse().gzipped());
        assertThatIllegalStateException().isThrownBy(() -> Behaviour.refuse().chunked());
        assertThatIllegalStateException()
                .isThrownBy(() -> Behaviour.hangBeforeHeaders().header("X", "1"))
                .withMessageContaining("hang before headers");
        assertThat(Behaviour.reset().slow(Duration.ofSeconds(1))).hasToString("connection reset after 1 s");
    }
}
