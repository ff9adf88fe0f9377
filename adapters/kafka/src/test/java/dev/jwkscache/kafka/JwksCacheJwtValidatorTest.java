package dev.jwkscache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through Kafka's own callback handler, which makes the validator by its name. */
class JwksCacheJwtValidatorTest {
    private static final String VALIDATOR_CLASS = "sasl.oauthbearer.jwt.validator.class";

    private final ScriptedProvider provider = ScriptedProvider.start();
    private final OAuthBearerValidatorCallbackHandler handler = new OAuthBearerValidatorCallbackHandler();

    @AfterEach
    void close() {
        handler.close();
        provider.close();
    }

    @Test
    void aGoodTokenBecomesWhatKafkaWantsToKnow() throws Exception {
        configure(Map.of());
        Instant issued = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 10);
        String token = token(Map.of("scope", List.of("read", "write"), "iat", issued, "exp", issued.plusSeconds(60)));

        OAuthBearerValidatorCallback callback = handle(token);

        assertThat(callback.errorStatus()).isNull();
        OAuthBearerToken validated = callback.token();
        assertThat(validated.value()).isEqualTo(token);
        assertThat(validated.principalName()).isEqualTo("test-subject");
        assertThat(validated.scope()).containsExactlyInAnyOrder("read", "write");
        assertThat(validated.startTimeMs()).isEqualTo(issued.toEpochMilli());
        assertThat(validated.lifetimeMs()).isEqualTo(issued.plusSeconds(60).toEpochMilli());
        assertThat(validated.toString()).contains("test-subject").doesNotContain(token);
    }

    @Test
    void aScopeThatIsTextIsOneScopeAsInKafka() throws Exception {
        configure(Map.of());
        assertThat(handle(token(Map.of("scope", "read write"))).token().scope()).containsExactly("read write");
        assertThat(handle(provider.token("RS256", Map.of("aud", "kafka")))
                        .token()
                        .scope())
                .isEmpty();
    }

    @Test
    void otherClaimsMayHoldSubjectAndScope() throws Exception {
        configure(Map.of(
                "sasl.oauthbearer.sub.claim.name",
                "client_id",
                "oauthbearer.sasl.oauthbearer.scope.claim.name",
                "scp"));

        OAuthBearerToken validated = handle(token(Map.of("client_id", "billing", "scp", List.of("a"))))
                .token();

        assertThat(validated.principalName()).isEqualTo("billing");
        assertThat(validated.scope()).containsExactly("a");
    }

    @Test
    void badTokensAreInvalidTokensAndTheirTextIsNowhere() throws Exception {
        JwksCacheJwtValidator validator = new JwksCacheJwtValidator();
        validator.configure(Configs.of(provider), Configs.MECHANISM, List.of());
        try (validator) {
            Map<String, Map<String, Object>> bad = new HashMap<>();
            bad.put("it has expired", Map.of("exp", Instant.now().minusSeconds(60)));
            bad.put("it is not for this audience", Map.of("aud", "others"));
            bad.put("it is not from this issuer", Map.of("iss", "https://other.example"));
            bad.put("no subject in its claim sub", Map.of("sub", " "));
            bad.put("the wrong type", Map.of("sub", 7));
            bad.put("blank, doubled or no text", Map.of("scope", List.of("a", "a ")));
            bad.put("not valid yet", Map.of("nbf", Instant.now().plusSeconds(600)));
            Map<String, Object> timeless = new HashMap<>();
            timeless.put("iat", null);
            timeless.put("aud", "kafka");
            assertThat(bad).allSatisfy((reason, claims) -> assertRefused(validator, token(claims), reason));
            assertRefused(validator, provider.token("RS256", timeless), "it lacks exp or iat");
            assertRefused(validator, "no\ntoken", "no token that is signed");
            assertRefused(
                    validator, token(Map.of()).replaceFirst("\\.[^.]*$", ".AAAA"), "its signature does not verify");
        }
    }

    private static void assertRefused(JwksCacheJwtValidator validator, String token, String reason) {
        assertThatThrownBy(() -> validator.validate(token))
                .isInstanceOf(JwtValidatorException.class)
                .hasMessageContaining(reason)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("others", "\n", token));
    }

    @Test
    void aBadTokenIsAnsweredAndMissingKeysAreThrown() throws Exception {
        provider.behave(Behaviour.status(500));
        configure(Map.of());

        assertThatThrownBy(() -> handle(token(Map.of())))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(JwtValidatorException.class)
                .hasMessageStartingWith("no access token can be validated now: ");
        OAuthBearerValidatorCallback unsigned = handle("e30.e30.");
        assertThat(unsigned.errorStatus()).isEqualTo("invalid_token");

        provider.behave(Behaviour.healthy());
        Eventually.check(() -> assertThat(handle(token(Map.of())).token()).isNotNull());
    }

    @Test
    void newMaterialUnderAnOldKidIsFoundAfterTheFirstBadSignature() throws Exception {
        configure(Map.of());
        SigningKey old = provider.current("RS256");
        assertThat(handle(token(Map.of())).token()).isNotNull();
        provider.withdraw(old);
        String token = provider.tokenSignedBy(provider.addKey("RS256", old.kid()), Configs.claims());

        assertThat(handle(token).errorStatus()).isEqualTo("invalid_token");

        Eventually.check(() -> assertThat(handle(token).token()).isNotNull());
    }

    @Test
    void closingTheHandlerClosesTheCache() throws Exception {
        configure(Map.of());
        assertThat(handle(token(Map.of())).token()).isNotNull();

        handler.close();

        assertThatThrownBy(() -> handle(token(Map.of()))).isInstanceOf(IllegalStateException.class);
        assertThat(provider.requestCount()).isEqualTo(1);
        configure(Map.of());
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void theValidatorsOfABrokerShareOneCacheUntilTheLastIsClosed() throws Exception {
        JwksCacheJwtValidator other = new JwksCacheJwtValidator();
        JwksCacheJwtValidator strict = new JwksCacheJwtValidator();
        configure(Map.of());
        other.configure(Configs.of(provider), Configs.MECHANISM, List.of());
        assertThat(provider.requestCount()).isEqualTo(1);
        Map<String, Object> configs = Configs.of(provider);
        configs.put("jwks.cache.algorithms", "ES256");
        strict.configure(configs, Configs.MECHANISM, List.of());
        assertThat(provider.requestCount()).isEqualTo(2);

        handler.close();
        assertThat(other.validate(token(Map.of())).principalName()).isEqualTo("test-subject");
        assertThatThrownBy(() -> strict.validate(token(Map.of()))).isInstanceOf(JwtValidatorException.class);

        other.close();
        other.close();
        strict.close();
        configure(Map.of());
        assertThat(provider.requestCount()).isEqualTo(3);
    }

    @Test
    void beforeItIsConfiguredItSaysSo() {
        JwksCacheJwtValidator validator = new JwksCacheJwtValidator();
        assertThatThrownBy(() -> validator.validate("x")).isInstanceOf(IllegalStateException.class);
        validator.close();
    }

    @Test
    void settingsThatCannotBeAreRefusedByName() {
        assertUnfit(Map.of("sasl.oauthbearer.jwks.endpoint.url", ""), "jwks.endpoint.url is not set");
        assertUnfit(Map.of("sasl.oauthbearer.jwks.endpoint.url", "file:///keys.json"), "names a file");
        assertUnfit(Map.of("sasl.oauthbearer.jwks.endpoint.url", "https://else.example/k"), "does not list");
        assertUnfit(Map.of("sasl.oauthbearer.expected.issuer", ""), "expected.issuer is not set");
        assertUnfit(Map.of("sasl.oauthbearer.expected.audience", List.of()), "expected.audience is not set");
        assertUnfit(Map.of("jwks.cache.algorithms", "RS256,HS256"), "jwks.cache.algorithms names HS256;");
        assertUnfit(Map.of("jwks.cache.max.staleness.ms", "1h"), "jwks.cache.max.staleness.ms is 1h");
        assertUnfit(Map.of("jwks.cache.max.staleness.ms", "0"), "jwks.cache.max.staleness.ms is 0; it must be");
        assertUnfit(Map.of("sasl.oauthbearer.jwks.endpoint.refresh.ms", -1L), "endpoint.refresh.ms is -1");
        assertUnfit(Map.of("sasl.oauthbearer.clock.skew.seconds", -1), "clock.skew.seconds is -1");
        assertUnfit(
                Map.of("jwks.cache.max.staleness.ms", "500", "sasl.oauthbearer.jwks.endpoint.refresh.ms", 1000L),
                "maxStaleness");
        Map<String, Object> configs = Configs.of(provider);
        AppConfigurationEntry jaas = new AppConfigurationEntry(
                OAuthBearerLoginModule.class.getName(),
                LoginModuleControlFlag.REQUIRED,
                Map.of("ssl.truststore.location", "/trust.pem"));
        assertThatThrownBy(() -> new JwksCacheJwtValidator().configure(configs, Configs.MECHANISM, List.of(jaas)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.truststore.location");
    }

    @Test
    void anyAudienceAndAnyIssuerMustBeWishedFor() throws Exception {
        configure(Map.of(
                "sasl.oauthbearer.expected.issuer",
                "",
                "sasl.oauthbearer.expected.audience",
                List.of(),
                "sasl.oauthbearer.allow.unverified.issuer",
                true,
                "sasl.oauthbearer.allow.unverified.audience",
                "true"));

        assertThat(handle(token(Map.of("aud", "others", "iss", "https://other.example")))
                        .token())
                .isNotNull();
    }

    private void assertUnfit(Map<String, Object> changes, String message) {
        Map<String, Object> configs = Configs.of(provider);
        configs.putAll(changes);
        assertThatThrownBy(() -> new JwksCacheJwtValidator().configure(configs, Configs.MECHANISM, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private void configure(Map<String, Object> changes) {
        Map<String, Object> configs = Configs.of(provider);
        configs.put(VALIDATOR_CLASS, JwksCacheJwtValidator.class.getName());
        configs.putAll(changes);
        handler.configure(configs, Configs.MECHANISM, List.of());
    }

    private OAuthBearerValidatorCallback handle(String token) throws Exception {
        OAuthBearerValidatorCallback callback = new OAuthBearerValidatorCallback(token);
        handler.handle(new Callback[] {callback});
        return callback;
    }

    private String token(Map<String, Object> claims) {
        Map<String, Object> all = new HashMap<>(Configs.claims());
        all.putAll(claims);
        return provider.token("RS256", all);
    }
}
