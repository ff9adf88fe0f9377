package dev.jwkscache.sidecar;

import java.util.Locale;

/** Numbers of bytes as people read them. */
final class Sizes {
    private Sizes() {}

    static String text(int bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.2f MiB", bytes / 1048576.0);
    }
}
