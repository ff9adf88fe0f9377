package dev.jwkscache.sidecar.demo;

import static dev.jwkscache.sidecar.demo.Judge.Judgement.VERIFIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.sidecar.demo.DemoProvider.KeyNews;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.management.PageSection;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoProviderTest {
    private final VirtualDemo demo = new VirtualDemo();
    private final DemoProvider provider = demo.provider;

    @AfterEach
    void end() {
        demo.close();
    }

    @Test
    void eachTroubleIsWhatItIsCalled() {
        assertThat(provider.isHealthy()).isTrue();
        provider.slow();
        assertBehaves(Behaviour.healthy().slow(Duration.ofSeconds(3)), "takes 3 s for each answer");
        provider.down();
        assertBehaves(Behaviour.refuse(), "refuses connections");
        provider.recover();
        assertBehaves(Behaviour.healthy(), "answers at once");
        assertThat(provider.isHealthy()).isTrue();
    }

    @Test
    void garbageIsOfAnotherKindEachTime() {
        provider.garbage();
        assertBehaves(Behaviour.html(), "answers 200 with a login page (HTML)");
        provider.garbage();
        assertBehaves(Behaviour.emptySet(), "answers 200 with an empty set");
        provider.garbage();
        assertBehaves(Behaviour.truncated(), "answers 200 with half a document");
        provider.garbage();
        assertBehaves(Behaviour.html(), "answers 200 with a login page (HTML)");
        assertThat(provider.isHealthy()).isFalse();
    }

    private void assertBehaves(Behaviour behaviour, String words) {
        assertThat(demo.scripted.behaviour()).isEqualTo(behaviour);
        assertThat(provider.conduct()).isEqualTo(words);
    }

    @Test
    void aNewKeyIsPublishedAtOnceAndSignsWhenEverybodyKnowsIt() {
        Issuer before = demo.newest();
        provider.rotate();

        String kid = Objects.requireNonNull(demo.scripted.current("RS256").kid());
        assertThat(demo.scripted.document()).contains(kid);
        assertThat(provider.keys().get(0)).isEqualTo(new KeyNews(kid, "RS256", "coming", "published, signs in 10 s"));
        demo.pass(DemoSpans.LEAD.minusMillis(400));
        assertThat(demo.newest()).isEqualTo(before);
        demo.pass(Duration.ofMillis(400));
        assertThat(demo.newest().kid()).isEqualTo(kid);
        assertThat(demo.present(demo.newest())).isEqualTo(VERIFIED);
        assertThat(provider.keys().get(0).state()).isEqualTo("signing");
    }

    @Test
    void inTroubleNoKeyBeginsToSignThatNobodyCanKnow() {
        Issuer before = demo.newest();
        provider.rotate();
        provider.down();
        demo.pass(Duration.ofSeconds(50));
        assertThat(demo.newest()).isEqualTo(before);
        assertThat(provider.keys().get(0).words()).isEqualTo("published, signs 10 s after the provider is well again");

        provider.recover();
        demo.pass(DemoSpans.LEAD.minusMillis(400));
        assertThat(demo.newest()).isEqualTo(before);
        demo.pass(Duration.ofMillis(400));
        assertThat(demo.newest()).isNotEqualTo(before);
        assertThat(demo.present(demo.newest())).isEqualTo(VERIFIED);
    }

    @Test
    void theOldestKeyIsWithdrawnAndItsTokensGoOnBeingPresented() {
        Issuer oldest = demo.oldest();
        provider.withdraw();

        assertThat(demo.scripted.keys()).extracting(SigningKey::kid).doesNotContain(oldest.kid());
        assertThat(demo.scripted.document()).doesNotContain(oldest.kid());
        assertThat(oldest.withdrawn()).isTrue();
        assertThat(provider.tokens().all()).extracting(Token::issuer).contains(oldest);
        assertThat(words(oldest)).isEqualTo("withdrawn; its tokens are refused");
        demo.present(oldest);
        assertThat(words(oldest)).isEqualTo("withdrawn; its tokens still pass, as nobody can know of it yet");
        demo.pass(Duration.ofSeconds(20));
        demo.present(oldest);
        assertThat(words(oldest)).isEqualTo("withdrawn; 0 s later its tokens were refused");
    }

    private String words(Issuer issuer) {
        return provider.keys().stream()
                .filter(key -> key.kid().equals(issuer.kid()))
                .findFirst()
                .orElseThrow()
                .words();
    }

    @Test
    void theLastKeyThatSignsStays() {
        provider.withdraw();
        assertThatThrownBy(provider::withdraw)
                .isInstanceOf(PageSection.Refusal.class)
                .hasMessageContaining("rotate first");

        provider.rotate();
        assertThatThrownBy(provider::withdraw).isInstanceOf(PageSection.Refusal.class);
        demo.pass(DemoSpans.LEAD);
        provider.withdraw();
        assertThat(demo.scripted.keys()).hasSize(1);
    }

    @Test
    void tooManyKeysAreNotPublished() {
        for (int keys = 2; keys < DemoProvider.MOST_PUBLISHED; keys++) {
            provider.rotate();
        }
        assertThatThrownBy(provider::rotate)
                .isInstanceOf(PageSection.Refusal.class)
                .hasMessageContaining("withdraw one first");
        assertThat(demo.scripted.keys()).hasSize(DemoProvider.MOST_PUBLISHED);
    }

    @Test
    void whatWasWithdrawnLongAgoIsForgotten() {
        Issuer first = demo.oldest();
        for (int i = 0; i <= DemoProvider.WITHDRAWN_KEPT; i++) {
            provider.rotate();
            demo.pass(DemoSpans.LEAD);
            provider.withdraw();
        }

        List<Issuer> withdrawn =
                provider.tokens().issuers().stream().filter(Issuer::withdrawn).toList();
        assertThat(withdrawn).hasSize(DemoProvider.WITHDRAWN_KEPT).doesNotContain(first);
        assertThat(provider.tokens().all()).extracting(Token::issuer).doesNotContain(first);
        assertThat(demo.judge.withdrawal(first)).isNull();
    }
}
