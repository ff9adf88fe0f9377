package dev.jwkscache.sidecar.story;

/** Colours of a terminal, or none. */
record Style(boolean colours) {

    String strong(String text) {
        return with("1", text);
    }

    String dim(String text) {
        return with("2", text);
    }

    String good(String text) {
        return with("32", text);
    }

    String fair(String text) {
        return with("33", text);
    }

    String bad(String text) {
        return with("1;31", text);
    }

    private String with(String code, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
