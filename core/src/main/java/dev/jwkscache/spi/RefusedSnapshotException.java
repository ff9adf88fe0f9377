package dev.jwkscache.spi;

import java.util.Objects;

/** A stored snapshot that cannot be believed; its message is fit for logs. */
public final class RefusedSnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    private final SnapshotRefusal refusal;
    private final String detail;

    /**
     * Creates one.
     *
     * @param refusal the kind of fault
     * @param detail what is wrong in words, without text of the snapshot
     */
    public RefusedSnapshotException(SnapshotRefusal refusal, String detail) {
        super(Objects.requireNonNull(detail, "detail"), null, false, false);
        this.detail = detail;
        this.refusal = Objects.requireNonNull(refusal, "refusal");
    }

    /** The kind of fault. */
    public SnapshotRefusal refusal() {
        return refusal;
    }

    /** What is wrong in words, without text of the snapshot. */
    public String detail() {
        return detail;
    }
}
