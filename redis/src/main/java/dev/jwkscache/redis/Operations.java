package dev.jwkscache.redis;

import static dev.jwkscache.redis.SnapshotScript.argument;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs operations of the script on the hash of an address, by clocks that agree. */
final class Operations {
    private final SnapshotScript script = new SnapshotScript();
    private final Connections connections;
    private final FleetKeys keys;
    private final FleetClock clock;
    private final long keepMillis;

    Operations(Connections connections, FleetKeys keys, FleetClock clock, long keepMillis) {
        this.connections = connections;
        this.keys = keys;
        this.clock = clock;
        this.keepMillis = keepMillis;
    }

    /**
     * Runs one that hands something over.
     *
     * @param timed whether it is refused when the clocks differ
     */
    CompletableFuture<Answer> run(String operation, URI address, boolean timed, byte[]... more) {
        long sent = clock.millis();
        List<byte[]> arguments = new ArrayList<>(List.of(
                argument(operation),
                argument(""),
                timed ? argument(sent) : argument(""),
                argument(FleetClock.TOLERANCE.toMillis()),
                argument(keepMillis),
                argument(keys.channel()),
                argument(keys.name(address))));
        arguments.addAll(List.of(more));
        return connections
                .call(commands -> script.run(commands, keys.key(address), arguments))
                .thenApply(reply -> {
                    try {
                        Answer answer = Answer.of(reply, connections.trouble());
                        if (answer.word().equals("clock")) {
                            throw clock.differs(answer.number(0), sent);
                        }
                        if (timed) {
                            // Once more: by the time that the command was on its way, this clock could be ahead
                            // unnoticed.
                            clock.check(answer.number(0));
                        }
                        return answer;
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                });
    }

    /** Runs one that does something or finds that it is too late. */
    CompletableFuture<Void> done(String operation, URI address, boolean timed, byte[]... more) {
        return run(operation, address, timed, more).thenAccept(answer -> {
            if (!answer.word().equals("kept") && !answer.word().equals("late")) {
                throw answer.nonsense();
            }
        });
    }
}
