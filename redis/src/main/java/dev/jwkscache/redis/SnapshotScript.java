package dev.jwkscache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The one script, called by its digest; sent along where the server does not know it, as after a restart. */
final class SnapshotScript {
    private final byte[] source;
    private final String digest;

    SnapshotScript() {
        this.source = resource();
        this.digest = sha1(source);
    }

    CompletionStage<List<Object>> run(
            RedisClusterAsyncCommands<String, byte[]> commands, String key, List<byte[]> arguments) {
        String[] keys = {key};
        byte[][] values = arguments.toArray(new byte[0][]);
        return commands.<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, values)
                .handle((reply, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedStage(reply);
                    }
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return cause instanceof RedisNoScriptException
                            ? commands.<List<Object>>eval(source, ScriptOutputType.MULTI, keys, values)
                            : CompletableFuture.<List<Object>>failedStage(cause);
                })
                .thenCompose(reply -> reply);
    }

    private static byte[] resource() {
        try (InputStream in = SnapshotScript.class.getResourceAsStream("snapshot.lua")) {
            return Objects.requireNonNull(in, "snapshot.lua lies beside this class")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    static byte[] argument(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] argument(long number) {
        return argument(Long.toString(number));
    }
}
