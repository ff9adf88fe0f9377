package dev.jwkscache.javajwt;

import dev.jwkscache.contract.ReadmeContract;
import java.util.List;

class ReadmeTest extends ReadmeContract {

    @Override
    protected List<String> imports() {
        return List.of(
                "dev.jwkscache.javajwt.*",
                "com.auth0.jwk.*",
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
