package dev.jwkscache.testkit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates in HTTP headers (RFC 9110 section 5.6.7). */
final class HttpDate {
    /** The JDK's RFC_1123_DATE_TIME writes one digit for the first nine days of a month, where HTTP wants two. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    static String write(Instant instant) {
        return FORMAT.format(instant);
    }

    /** Returns null for what is no date, which RFC 9110 section 13.1.3 tells a server to ignore. */
    static @Nullable Instant read(String date) {
        try {
            return FORMAT.parse(date, Instant::from);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
