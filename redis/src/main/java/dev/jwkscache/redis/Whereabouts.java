package dev.jwkscache.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.stream.Collectors;

/** Says where a Redis is, for logs and messages: never with its user or password. */
final class Whereabouts {
    private Whereabouts() {}

    static String of(List<RedisURI> uris, boolean cluster) {
        if (cluster) {
            return "cluster " + all(uris);
        }
        RedisURI uri = uris.get(0);
        return uri.getSentinels().isEmpty()
                ? one(uri)
                : uri.getSentinelMasterId() + " of Sentinel " + all(uri.getSentinels());
    }

    private static String all(List<RedisURI> uris) {
        return uris.stream().map(Whereabouts::one).collect(Collectors.joining(","));
    }

    private static String one(RedisURI uri) {
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }
}
