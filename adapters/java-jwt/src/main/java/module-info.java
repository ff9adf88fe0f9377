/** java-jwt on the keys of a cache. */
module dev.jwkscache.javajwt {
    requires transitive dev.jwkscache;
    requires transitive com.auth0.jwt;
    requires static org.jspecify;

    exports dev.jwkscache.javajwt;
}
