package dev.jwkscache;

import java.net.URI;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Logs that print nothing and remember warnings. */
public final class QuietLogs implements SLF4JServiceProvider {
    /** More than any test looks at; races warn without end. */
    private static final int MOST = 10_000;

    private static final Queue<String> WARNINGS = new LinkedBlockingQueue<>(MOST);

    private static final AtomicLong ADDRESSES = new AtomicLong();

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();

    /** An address that nobody was warned of. */
    static URI unusedAddress() {
        return URI.create("https://provider.test/jwks-" + ADDRESSES.incrementAndGet() + ".json");
    }

    /** How many warnings contain that text. */
    static long warnings(String text) {
        return WARNINGS.stream().filter(warning -> warning.contains(text)).count();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return Log::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class Log extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        Log(String name) {
            this.name = name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            WARNINGS.offer(message);
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
