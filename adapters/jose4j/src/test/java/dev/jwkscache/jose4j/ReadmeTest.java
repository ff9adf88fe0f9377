package dev.jwkscache.jose4j;

import dev.jwkscache.contract.ReadmeContract;
import java.util.List;

class ReadmeTest extends ReadmeContract {

    @Override
    protected List<String> imports() {
        return List.of(
                "dev.jwkscache.jose4j.*",
                "org.jose4j.jwk.*",
                "org.jose4j.jwt.consumer.*",
                "org.jose4j.keys.resolvers.*");
    }

    @Override
    protected List<String> given() {
        return List.of();
    }
}
