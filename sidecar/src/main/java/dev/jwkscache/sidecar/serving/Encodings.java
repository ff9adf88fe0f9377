package dev.jwkscache.sidecar.serving;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code Accept-Encoding} (RFC 9110 §12.5.3). Pure. */
final class Encodings {
    private Encodings() {}

    /** Whether gzip is welcome; {@code q=0} says that it is not. */
    static boolean allowGzip(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        boolean any = false;
        for (String one : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
            String coding = one.strip();
            int parameter = coding.indexOf(';');
            String name = (parameter < 0 ? coding : coding.substring(0, parameter)).strip();
            boolean refused =
                    parameter >= 0 && coding.substring(parameter + 1).strip().matches("q=0(\\.0{0,3})?");
            if (name.equals("gzip") || name.equals("x-gzip")) {
                return !refused;
            }
            any |= name.equals("*") && !refused;
        }
        return any;
    }
}
