package dev.jwkscache.sidecar.serving;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All open connections: how many there may be, how long each may take, and when all must end. Thread-safe. */
final class Connections {
    private final Limits limits;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    Connections(Limits limits) {
        this.limits = limits;
    }

    /** Lets one in; false when there are as many as there may be, or all are to end. */
    boolean letIn(Connection connection) {
        return !ending && open.size() < limits.connections() && open.add(connection);
    }

    void gone(Connection connection) {
        open.remove(connection);
    }

    /** Whether each answer is the last of its connection. */
    boolean isEnding() {
        return ending;
    }

    /** Closes those that take too long; to be called every second or so. */
    void sweep(long now) {
        open.forEach(connection -> connection.closeIfOverdue(now, limits));
    }

    /** From now on connections end with the answer that is awaited, the others at once. */
    void end() {
        ending = true;
        open.forEach(Connection::closeUnlessAwaiting);
    }

    /** Closes all that are left. */
    void closeAll() {
        open.forEach(Connection::close);
    }

    int count() {
        return open.size();
    }
}
