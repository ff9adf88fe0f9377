package dev.jwkscache.kafka;

import dev.jwkscache.contract.AdapterContract;
import dev.jwkscache.contract.Verification;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;

class KafkaContractTest extends AdapterContract {

    static Stream<String> algorithms() {
        return Stream.concat(rsaAndEc(), Stream.of("Ed25519", "Ed448"));
    }

    @Override
    protected Verification open(Settings settings, String alg) {
        JwksCacheJwtValidator validator = new JwksCacheJwtValidator(new SharedCaches(), settings.builder());
        URI issuer = settings.jwksUri().resolve("/");
        Map<String, Object> configs =
                Configs.of(settings.jwksUri(), URI.create(issuer.toString().replaceFirst("/$", "")));
        configs.put(ValidatorSettings.ALGORITHMS, alg);
        validator.configure(configs, Configs.MECHANISM, List.of());
        return new Verification() {
            @Override
            public void verify(String token) {
                validator.validate(token);
            }

            @Override
            public void close() {
                validator.close();
            }
        };
    }

    @Override
    protected boolean isOurs(Exception thrown) {
        return thrown instanceof KafkaException && !(thrown instanceof JwtValidatorException);
    }

    @Override
    protected boolean triesCandidates() {
        return true;
    }

    @Override
    protected boolean waits() {
        return false;
    }

    @Override
    protected Map<String, Object> claims() {
        return Configs.claims();
    }
}
