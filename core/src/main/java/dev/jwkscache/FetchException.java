package dev.jwkscache;

/** A refresh that failed for a known reason; the message is fit for logs. */
final class FetchException extends Exception {
    private final FailureReason reason;
    private final String detail;

    FetchException(FailureReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    FailureReason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }
}
