package dev.jwkscache.jwksrsa;

import dev.jwkscache.contract.ReadmeContract;
import java.util.List;

class ReadmeTest extends ReadmeContract {

    @Override
    protected List<String> imports() {
        return List.of(
                "dev.jwkscache.jwksrsa.*",
                "com.auth0.jwk.*",
                "com.auth0.jwk.Jwk",
                "com.auth0.jwt.JWT",
                "com.auth0.jwt.algorithms.*",
                "com.auth0.jwt.exceptions.*",
                "com.auth0.jwt.interfaces.*",
                "java.security.interfaces.*");
    }

    @Override
    protected List<String> given() {
        return List.of("JwksCache cache");
    }
}
