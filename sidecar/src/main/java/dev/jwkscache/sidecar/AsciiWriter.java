package dev.jwkscache.sidecar;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Replaces the few other characters that this program prints by ASCII, one for one so that columns stay in line. */
final class AsciiWriter extends FilterWriter {
    /** The characters that are replaced, and in the same order what replaces them. */
    static final String REPLACED = "…–—·█░│✓✗▸«»§±≤";

    private static final String REPLACEMENTS = "~--.#.|+x>\"\"S+<";

    AsciiWriter(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        out.write(ascii((char) c));
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            out.write(ascii(text[i]));
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        write(text.toCharArray(), offset, length);
    }

    private static char ascii(char c) {
        int known = REPLACED.indexOf(c);
        if (known >= 0) {
            return REPLACEMENTS.charAt(known);
        }
        return c < 128 ? c : '?';
    }
}
