package dev.jwkscache;

/** An entry that is skipped; says why without repeating key material. */
final class UnusableKeyException extends Exception {
    private final SkipReason reason;
    private final String detail;

    UnusableKeyException(SkipReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    SkipReason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }
}
