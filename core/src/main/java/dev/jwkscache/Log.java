package dev.jwkscache;

import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one logger, looked up for the first entry: finding a logging framework takes a new process longer than a fetch. */
final class Log {
    static final String NAME = "jwks-cache";
    static final Logger LOG = LoggerFactory.getLogger(NAME);
    /** Whether this process has SLF4J 2. */
    static final boolean HAS_PAIRS = Stream.of(Logger.class.getMethods())
            .anyMatch(method -> method.getName().equals("atLevel"));

    private Log() {}
}
