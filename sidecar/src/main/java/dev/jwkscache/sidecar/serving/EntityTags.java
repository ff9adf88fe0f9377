package dev.jwkscache.sidecar.serving;

/** Reads {@code If-None-Match} (RFC 9110 §13.1.2). Pure. */
final class EntityTags {
    private EntityTags() {}

    /** Whether the field names that tag or {@code *}. Tags of ours hold no comma, so that a list can be cut at each. */
    static boolean name(String ifNoneMatch, String tag) {
        for (String one : ifNoneMatch.split(",", -1)) {
            String candidate = one.strip();
            String opaque = candidate.startsWith("W/") ? candidate.substring(2) : candidate;
            if (candidate.equals("*") || opaque.equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
