package dev.jwkscache;

import static dev.jwkscache.KeyChoiceTest.ecKey;
import static dev.jwkscache.KeyChoiceTest.parse;
import static dev.jwkscache.KeyChoiceTest.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.PublicKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a set says of itself and of its keys, and how one differs from another. */
class JwkSetTest {
    /** RFC 8037 appendix A.2. */
    private static final String ED25519 =
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"x\":\""
                    + "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    @Test
    void aKeyTellsWhatWasPublished() throws Exception {
        Jwk key = parse(ED25519).keys().get(0);

        assertThat(key.kid()).contains("ed");
        assertThat(key.keyType()).isEqualTo("OKP");
        assertThat(key.curve()).contains("Ed25519");
        assertThat(key.use()).contains("sig");
        assertThat(key.declaredAlgorithm()).contains("EdDSA");
        assertThat(key.thumbprint()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key).hasToString("Jwk[kid=\"ed\", kty=OKP, thumbprint=kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k]");

        Jwk bare = parse(without(ED25519, "kid", "use", "alg")).keys().get(0);
        assertThat(bare.kid()).isEmpty();
        assertThat(bare.use()).isEmpty();
        assertThat(bare.declaredAlgorithm()).isEmpty();
    }

    @Test
    void aSetTellsItsSizes() throws Exception {
        assertThat(parse(ED25519, "{}")).hasToString("JwkSet[1 usable, 1 skipped]");
    }

    @Test
    void aSetWithoutUsableKeysIsRefusedWithTheFirstReason() {
        assertThatThrownBy(() -> parse("{}", "1"))
                .hasMessage(
                        "none of the 2 entries verifies signatures; the first: member kty is missing, empty or no string");
        assertThatThrownBy(() -> parse()).hasMessage("the set is empty");
    }

    @Test
    void onlyALookupWithoutKidOffersTenAtMostAndTheSetKnowsIt() throws Exception {
        String key = ecKey("k");
        String[] ten = copies(key, 10);
        String[] eleven = copies(key, 11);

        assertThat(parse(ten).find(null, "ES256")).hasSize(10);
        assertThat(parse(ten).fitting(null, "ES256").cut()).isFalse();
        assertThat(parse(eleven).find(null, "ES256")).hasSize(10);
        assertThat(parse(eleven).fitting(null, "ES256").cut()).isTrue();
        assertThat(parse(eleven).fitting(null, "RS256")).isNull();
        assertThat(parse(eleven).fitting(null, "none")).isNull();
        assertThat(parse(eleven).find("k10", "ES256")).hasSize(1);
    }

    @Test
    void whatASetGivesAwayCannotBeChanged() throws Exception {
        JwkSet set = parse(ED25519);

        assertThat(set.find("ed", "EdDSA")).isUnmodifiable();
        assertThat(set.find(null, "EdDSA")).isUnmodifiable();
        assertThat(set.keys()).isUnmodifiable();
    }

    @Test
    void aSetOffersAKeyOfTheSameMaterialForTheSameKidAndAlgorithm() throws Exception {
        String one = ecKey("a");
        VerificationKey key = parse(one).find("a", "ES256").get(0);

        PublicKey material = key.publicKey();

        assertThat(parse(one, ED25519).offers("a", "ES256", material)).isTrue();
        assertThat(parse(one, ED25519).offers(null, "ES256", material)).isTrue();
        assertThat(parse(one).offers("a", "ES384", material)).isFalse();
        assertThat(parse(one.replace("\"a\"", "\"b\"")).offers("a", "ES256", material))
                .isFalse();
        assertThat(parse(ecKey("a")).offers("a", "ES256", material)).isFalse();
        assertThat(parse(ecKey("a"), one).offers("a", "ES256", material)).isTrue();
    }

    @Test
    void aChangeIsWhatWasAddedAndWhatIsGone() throws Exception {
        String old = ecKey("a");
        JwkSet before = parse(old, ED25519);
        JwkSet after = parse(ED25519, ecKey("b"));

        assertThat(KeySetChange.between(before, before).isEmpty()).isTrue();
        assertThat(KeySetChange.between(before, parse(ED25519, old)).isEmpty()).isTrue();
        KeySetChange first = KeySetChange.between(null, before);
        assertThat(first.added()).isEqualTo(before.keys());
        assertThat(first.removed()).isEmpty();
        assertThat(first.isEmpty()).isFalse();
        KeySetChange change = KeySetChange.between(before, after);
        assertThat(change.added()).containsExactly(after.keys().get(1));
        assertThat(change.removed()).containsExactly(before.keys().get(0));
        KeySetChange withdrawal = KeySetChange.between(before, parse(ED25519));
        assertThat(withdrawal.added()).isEmpty();
        assertThat(withdrawal.isEmpty()).isFalse();
    }

    @Test
    void newMaterialUnderAnOldKidIsAKeyGoneAndAKeyAdded() throws Exception {
        JwkSet before = parse(ecKey("a"));
        JwkSet after = parse(ecKey("a"));

        KeySetChange change = KeySetChange.between(before, after);

        assertThat(change.added()).isEqualTo(after.keys());
        assertThat(change.removed()).isEqualTo(before.keys());
    }

    private static String[] copies(String key, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> key.replace("\"k\"", "\"k" + i + '"'))
                .toArray(String[]::new);
    }
}
