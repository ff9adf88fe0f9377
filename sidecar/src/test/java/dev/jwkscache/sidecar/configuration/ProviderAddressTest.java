package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://keycloak.example/realms/main/protocol/openid-connect/certs",
                "https://tenant.eu.auth0.com/.well-known/jwks.json",
                "https://dev-1.okta.com/oauth2/default/v1/keys",
                "https://login.microsoftonline.com/common/discovery/v2.0/keys",
                "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/discovery/keys?appid=1",
                "https://www.googleapis.com/oauth2/v3/certs",
                "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc/.well-known/jwks.json",
                "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF/keys",
                "https://auth.pingone.eu/11111111-2222-3333-4444-555555555555/as/jwks",
                "https://ping.example/pf/JWKS",
                "https://instance.zitadel.cloud/oauth/v2/keys",
                "https://gitlab.com/oauth/discovery/keys",
                "https://token.actions.githubusercontent.com/.well-known/jwks",
                "https://10.0.0.1/openid/v1/jwks",
                "https://authentik.example/application/o/app/jwks/",
                "https://appleid.apple.com/auth/keys",
                "https://idp.example/public-keys"
            })
    void addressesOfKeySetsAreKnownByTheirLook(String address) {
        assertThat(ProviderAddress.kindOf(URI.create(address))).isEqualTo(Kind.JWKS_URI);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://keycloak.example/realms/main",
                "https://keycloak.example/realms/monkeys",
                "https://tenant.eu.auth0.com/",
                "https://dev-1.okta.com/oauth2/default",
                "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
                "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
                "https://accounts.google.com",
                "https://securetoken.google.com/project",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc",
                "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF",
                "https://auth.pingone.eu/11111111-2222-3333-4444-555555555555/as",
                "https://instance.zitadel.cloud",
                "https://gitlab.com",
                "https://token.actions.githubusercontent.com",
                "https://token.actions.githubusercontent.com/my-enterprise",
                "https://kubernetes.default.svc.cluster.local",
                "https://authentik.example/application/o/app/",
                "https://keys.example",
                "https://jwks.example/main"
            })
    void issuersAreKnownByTheirLook(String address) {
        assertThat(ProviderAddress.kindOf(URI.create(address))).isEqualTo(Kind.ISSUER);
    }

    @Test
    void anExplicitFormWins() {
        Configuration told = Told.line(
                        "--issuer", "one=https://idp.example/realms/keys", "--jwks-uri", "two=https://idp.example/all")
                .read();

        assertThat(told.providers())
                .extracting(ProviderConfiguration::name, ProviderConfiguration::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", Kind.ISSUER),
                        org.assertj.core.groups.Tuple.tuple("two", Kind.JWKS_URI));
    }

    @Test
    void anEqualsSignInAQueryNamesNobody() {
        Configuration told = Told.line("https://idp.example/keys?appid=7").read();

        assertThat(told.providers().get(0).name()).isEqualTo("default");
        assertThat(told.providers().get(0).address()).isEqualTo(URI.create("https://idp.example/keys?appid=7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "health", "metrics", "page", "demo"})
    void namesOfTheSidecarsOwnPagesAreRefused(String name) {
        assertThat(Told.line(name + "=" + Told.IDP).faults())
                .singleElement()
                .asString()
                .startsWith("ADDRESS: no provider can be named " + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                ".a",
                "a b",
                "ä",
                "_",
                "a/b",
                "a123456789012345678901234567890123456789012345678901234567890123"
            })
    void namesThatNoPathHoldsAreRefused(String name) {
        assertThat(Told.line(name + "=" + Told.IDP).faults())
                .singleElement()
                .asString()
                .contains("is no name of a provider; it must be 1 to 63");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a.b_c-d", "a12345678901234567890123456789012345678901234567890123456789012"})
    void otherNamesAreTaken(String name) {
        assertThat(Told.line(name + "=" + Told.IDP).read().providers().get(0).name())
                .isEqualTo(name);
    }

    @Test
    void twoPlainAddressesCannotBothBeTheDefault() {
        assertThat(Told.line("https://one.example", "https://two.example").faults())
                .singleElement()
                .asString()
                .isEqualTo(
                        "ADDRESS: there is a provider default already, by ADDRESS; give each a name of its own (NAME=ADDRESS),"
                                + " or remove one");
    }

    @Test
    void oneAddressMayHaveTwoNames() {
        assertThat(Told.line("a=" + Told.IDP, "b=" + Told.IDP).read().providers())
                .hasSize(2);
    }

    @Test
    void aNameOfTheCommandLineCannotBeInTheFileToo() {
        assertThat(Told.line("a=" + Told.IDP)
                        .file("providers: {a: https://other.example}")
                        .faults())
                .singleElement()
                .asString()
                .startsWith("jwks-cache.yaml, line 1: providers.a: there is a provider a already, by ADDRESS");
    }

    @Test
    void theVariableOfTheOriginalModuleIsTheDefault() {
        assertThat(Told.variable("JWKS_URI", "https://idp.example/all").read().providers())
                .containsExactly(new ProviderConfiguration(
                        "default", URI.create("https://idp.example/all"), Kind.JWKS_URI, java.util.Map.of()));
    }

    @Test
    void thatVariableMaySayWhatIsSaidAlreadyAndNothingElse() {
        assertThat(Told.line("https://idp.example/keys")
                        .and("JWKS_URI", "https://idp.example/keys")
                        .read()
                        .providers())
                .hasSize(1);
        assertThat(Told.line(Told.IDP)
                        .and("JWKS_URI", "https://idp.example/keys")
                        .faults())
                .singleElement()
                .asString()
                .startsWith("JWKS_URI: there is a provider default already, by ADDRESS");
    }

    @Test
    void providersMayStandInVariables() {
        Configuration told = Told.variable("JWKS_CACHE_PROVIDERS", "https://one.example  two=https://two.example/keys")
                .and("JWKS_CACHE_ISSUER", "three=https://three.example/keys")
                .and("JWKS_CACHE_JWKS_URI", "four=https://four.example/all")
                .read();

        assertThat(told.providers())
                .extracting(provider -> provider.name() + " " + provider.kind().label())
                .containsExactly("default issuer", "two jwks_uri", "three issuer", "four jwks_uri");
    }

    @Test
    void theAddressOfMetadataIsNotTakenForAKeySet() {
        assertThat(Told.line("https://idp.example/.well-known/openid-configuration")
                        .faults())
                .singleElement()
                .asString()
                .contains("is the address of metadata; name the issuer");
    }

    @Test
    void anIssuerHasNoQuery() {
        assertThat(Told.line("--issuer", "https://idp.example/?a=secret").faults())
                .singleElement()
                .asString()
                .contains("has a query, which no issuer has")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:hunter2@idp.example/keys",
                "a=https://user:hunter2@idp.example",
                "user:hunter2@idp.example",
                "https://user:hunter2@idp .example/"
            })
    void aPasswordInAnAddressIsRefusedAndNotRepeated(String address) {
        assertThat(Told.line(address).faults()).singleElement().asString().doesNotContain("hunter2");
    }

    @Test
    void plainHttpBeyondLoopbackWantsAPermissionForEachProvider() {
        assertThat(Told.line("http://127.0.0.1:1/keys").read().providers()).hasSize(1);
        assertThat(Told.line("http://idp.example/keys", "--allow-plain-http")
                        .read()
                        .providers())
                .hasSize(1);
        assertThat(Told.yaml("""
                                providers:
                                  one: {issuer: 'http://one.example', allow-plain-http: true}
                                  two: http://two.example
                                """).faults())
                .singleElement()
                .asString()
                .isEqualTo(
                        "provider two: jwks-cache.yaml, line 3: providers.two: http://two.example is plain http: whoever is"
                                + " on the way could replace the keys; use https, or set allow-plain-http=on");
    }

    @Test
    void nobodyToKeepKeysOfIsAFault() {
        assertThat(Told.line().faults())
                .singleElement()
                .asString()
                .startsWith("no provider is named; give [NAME=]ADDRESS");
    }
}
