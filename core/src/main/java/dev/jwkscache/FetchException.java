package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import org.jspecify.annotations.Nullable;

/** A refresh that failed for a known reason; the message is fit for logs. */
final class FetchException extends Exception {
    private final FailureReason reason;
    private final String detail;
    private final transient @Nullable OriginResponse answer;

    FetchException(FailureReason reason, String detail) {
        this(reason, detail, null);
    }

    FetchException(FailureReason reason, String detail, @Nullable OriginResponse answer) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.answer = answer;
    }

    FailureReason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }

    /** What a provider answered, where that is what failed: it may ask for quiet. */
    @Nullable
    OriginResponse answer() {
        return answer;
    }
}
