package dev.jwkscache;

/** What may stand in an HTTP header field (RFC 9110 §5). */
final class HeaderFields {
    private static final int MAX_VALUE_LENGTH = 16 << 10;

    private HeaderFields() {}

    /** Whether the text is a field name: a token (RFC 9110 §5.6.2). */
    static boolean isName(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderFields::isTokenCharacter);
    }

    /** Whether the text may be sent as a field value: visible ASCII, and spaces between; at most 16 KiB. */
    static boolean isValue(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_VALUE_LENGTH
                && text.equals(text.strip())
                && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
