/** jwks-rsa on the keys of a cache. */
module dev.jwkscache.jwksrsa {
    requires transitive dev.jwkscache;
    requires transitive com.auth0.jwks;
    requires static org.jspecify;

    exports dev.jwkscache.jwksrsa;
}
