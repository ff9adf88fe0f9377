package dev.jwkscache.jjwt;

import dev.jwkscache.contract.ReadmeContract;
import java.util.List;

class ReadmeTest extends ReadmeContract {

    @Override
    protected List<String> imports() {
        return List.of(
                "dev.jwkscache.jjwt.*",
                "io.jsonwebtoken.*",
                "io.jsonwebtoken.security.Jwks",
                "io.jsonwebtoken.security.SignatureException",
                "com.nimbusds.jose.JWSHeader",
                "com.nimbusds.jose.util.Base64URL");
    }

    @Override
    protected List<String> given() {
        return List.of();
    }
}
