/** Keeps the public keys (JWK Sets) of identity providers fresh, bounded and at hand. */
module dev.jwkscache {
    requires java.net.http;
    requires transitive com.nimbusds.jose.jwt;
    requires org.slf4j;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.jwkscache;
    exports dev.jwkscache.nimbus;
    exports dev.jwkscache.spi;
}
