package dev.jwkscache.sidecar.serving;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date of an answer (RFC 9110 §5.6.7), written once a second. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static volatile Written last = write(0);

    private HttpDate() {}

    private record Written(long second, String text) {}

    static String now() {
        long second = System.currentTimeMillis() / 1000;
        Written written = last;
        if (written.second() != second) {
            written = write(second);
            last = written;
        }
        return written.text();
    }

    private static Written write(long second) {
        return new Written(second, FORMAT.format(Instant.ofEpochSecond(second)));
    }
}
