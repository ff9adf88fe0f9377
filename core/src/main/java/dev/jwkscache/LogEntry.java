package dev.jwkscache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One entry of the log: an event with its fields, as key-value pairs of SLF4J 2, or as a line of text where a process has
 * SLF4J 1.7, as Kafka's brokers do.
 */
final class LogEntry {
    private final Level level;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private @Nullable Throwable cause;

    private LogEntry(Level level) {
        this.level = level;
    }

    static LogEntry at(Level level) {
        return new LogEntry(level);
    }

    LogEntry with(String key, @Nullable Object value) {
        fields.put(key, value);
        return this;
    }

    LogEntry because(Throwable thrown) {
        cause = thrown;
        return this;
    }

    void tell(String event) {
        if (!isEnabled()) {
            return;
        }
        if (Log.HAS_PAIRS) {
            Pairs.tell(this, event);
        } else {
            tellAsText(event);
        }
    }

    void tellAsText(String event) {
        Logger log = Log.LOG;
        String text = text(event);
        switch (level) {
            case ERROR -> log.error(text, cause);
            case WARN -> log.warn(text, cause);
            case INFO -> log.info(text, cause);
            case DEBUG -> log.debug(text, cause);
            case TRACE -> log.trace(text, cause);
        }
    }

    private String text(String event) {
        StringBuilder text = new StringBuilder(event);
        fields.forEach((key, value) -> text.append(' ').append(key).append('=').append(quoted(String.valueOf(value))));
        return text.toString();
    }

    /** Fields are fit for a log already; what has spaces gets quotes, so that the next field can be told from it. */
    private static String quoted(String value) {
        return value.indexOf(' ') < 0 ? value : '"' + value.replace('"', '\'') + '"';
    }

    private boolean isEnabled() {
        return switch (level) {
            case ERROR -> Log.LOG.isErrorEnabled();
            case WARN -> Log.LOG.isWarnEnabled();
            case INFO -> Log.LOG.isInfoEnabled();
            case DEBUG -> Log.LOG.isDebugEnabled();
            case TRACE -> Log.LOG.isTraceEnabled();
        };
    }

    /** A class of its own: it is loaded only where the types that it names exist. */
    private static final class Pairs {
        static void tell(LogEntry entry, String event) {
            LoggingEventBuilder builder = Log.LOG.atLevel(entry.level);
            for (Map.Entry<String, @Nullable Object> field : entry.fields.entrySet()) {
                builder = builder.addKeyValue(field.getKey(), field.getValue());
            }
            if (entry.cause != null) {
                builder = builder.setCause(entry.cause);
            }
            builder.log(event);
        }
    }
}
