/** Meters of caches, for Micrometer. */
module dev.jwkscache.micrometer {
    requires transitive dev.jwkscache;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports dev.jwkscache.micrometer;
}
