/** jose4j on the keys of a cache. */
module dev.jwkscache.jose4j {
    requires transitive dev.jwkscache;
    requires transitive org.jose4j;
    requires static org.jspecify;

    exports dev.jwkscache.jose4j;
}
