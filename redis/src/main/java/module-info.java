/** A fleet of instances shares one key set through Redis or Valkey, and fetches it once. */
module dev.jwkscache.redis {
    requires transitive dev.jwkscache;
    requires transitive lettuce.core;
    // Lettuce names no modules that it needs.
    requires io.netty.common;
    requires io.netty.handler;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.jwkscache.redis;
}
