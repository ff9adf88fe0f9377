package dev.jwkscache.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisReadOnlyException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Says in words what is wrong with Redis, without anything that Redis said. */
final class Trouble {
    /** By what an error of Redis begins with or, out of a script, contains. */
    private static final Map<String, String> REFUSALS = new LinkedHashMap<>();

    static {
        REFUSALS.put("OOM ", "its memory is full: raise maxmemory, or let it evict keys (maxmemory-policy)");
        REFUSALS.put("READONLY ", "it is a replica: name the master, or Sentinels");
        REFUSALS.put("MASTERDOWN ", "it is a replica that has lost its master");
        REFUSALS.put("LOADING ", "it is loading its data");
        REFUSALS.put("BUSY ", "it is busy with a script");
        REFUSALS.put("MISCONF ", "it cannot write its data to disk");
        REFUSALS.put("NOREPLICAS ", "it has too few replicas to take writes");
        REFUSALS.put("CLUSTERDOWN ", "the cluster is down");
        REFUSALS.put("TRYAGAIN ", "the cluster is moving the key");
        REFUSALS.put("MOVED ", "the key is on another node: use clusterBuilder");
        REFUSALS.put("NOAUTH ", "it wants a password: set it in the RedisURI");
        REFUSALS.put("WRONGPASS ", "it does not take the user name or password of the RedisURI");
        REFUSALS.put("NOPERM ", "the user may not do this: docs/fleet.md lists what it needs");
        REFUSALS.put("WRONGTYPE ", "something else is kept under the name of this key: choose another keyPrefix");
    }

    private final String where;
    private final Duration timeout;

    Trouble(String where, Duration timeout) {
        this.where = where;
        this.timeout = timeout;
    }

    IOException notConnected() {
        return new IOException("no connection to Redis at " + where + "; it is tried again in the background");
    }

    IOException closed() {
        return new IOException("the store of Redis at " + where + " is closed");
    }

    IOException nonsense() {
        return new IOException("Redis at " + where + " answers what this version does not understand");
    }

    IOException tooSlow() {
        return new IOException(
                "Redis at " + where + " has not answered within " + timeout.toMillis() + " ms (commandTimeout)");
    }

    IOException of(Throwable failure) {
        Throwable cause = cause(failure);
        if (timedOut(cause)) {
            return tooSlow();
        }
        if (cause instanceof RedisCommandExecutionException) {
            String message = String.valueOf(cause.getMessage());
            for (Map.Entry<String, String> refusal : REFUSALS.entrySet()) {
                if (message.startsWith(refusal.getKey()) || message.contains("-" + refusal.getKey())) {
                    return new IOException("Redis at " + where + " refused the command: " + refusal.getValue());
                }
            }
            return new IOException("Redis at " + where + " refused the command");
        }
        return new IOException(
                "no answer from Redis at " + where + ": " + cause.getClass().getSimpleName());
    }

    static boolean timedOut(Throwable cause) {
        return cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException;
    }

    /** Whether Redis has answered, though not as wished. */
    static boolean refused(Throwable cause) {
        return cause instanceof RedisCommandExecutionException;
    }

    /** Whether another server is the master by now, though this connection lives. */
    static boolean demoted(Throwable cause) {
        return cause instanceof RedisReadOnlyException
                || (cause instanceof RedisCommandExecutionException
                        && String.valueOf(cause.getMessage()).contains("READONLY "));
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
