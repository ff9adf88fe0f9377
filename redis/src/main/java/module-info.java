/** A fleet of instances shares one key set through Redis or Valkey, and fetches it once. */
module dev.jwkscache.redis {
    requires transitive dev.jwkscache;
    requires transitive lettuce.core;
    // Lettuce, an automatic module, names none of those that it needs.
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver.dns;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.jwkscache.redis;
}
