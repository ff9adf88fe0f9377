package dev.jwkscache.sidecar;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Times as people write them: without a day it is today, without an offset it is the time of this machine's zone. */
final class TimeOption {
    static final String RULE = "must be a time such as 14:03, '2026-11-28 14:03' or 2026-11-28T13:03:00Z";

    private TimeOption() {}

    /**
     * Reads a time.
     *
     * @param clock now, in the zone of this machine
     * @throws IllegalArgumentException if it is none, is still to come, or the local clocks did not show it just once; the
     *     message goes behind the text
     */
    static Instant parse(String text, Clock clock) {
        Instant time = read(text.strip().replaceFirst("(?<=\\d)[ t](?=\\d)", "T"), clock);
        if (time.isAfter(clock.instant())) {
            throw new IllegalArgumentException("is still to come (it is "
                    + OffsetDateTime.now(clock).toLocalDateTime().withNano(0) + " here); name the day, or the offset");
        }
        return time;
    }

    private static Instant read(String text, Clock clock) {
        Optional<OffsetDateTime> exact = attempt(() -> OffsetDateTime.parse(text));
        if (exact.isPresent()) {
            return exact.get().toInstant();
        }
        LocalDateTime local = attempt(() -> LocalDateTime.parse(text))
                .or(() -> attempt(() -> LocalTime.parse(text).atDate(LocalDate.now(clock))))
                .or(() -> attempt(() -> LocalDate.parse(text).atStartOfDay()))
                .orElseThrow(() -> new IllegalArgumentException(RULE));
        List<ZoneOffset> offsets = clock.getZone().getRules().getValidOffsets(local);
        if (offsets.size() != 1) {
            throw new IllegalArgumentException("was shown " + (offsets.isEmpty() ? "never" : "twice")
                    + " by the clocks of " + clock.getZone() + "; add the offset, as in " + local
                    + clock.getZone().getRules().getOffset(local));
        }
        return local.toInstant(offsets.get(0));
    }

    private static <T> Optional<T> attempt(Supplier<T> parsing) {
        try {
            return Optional.of(parsing.get());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
