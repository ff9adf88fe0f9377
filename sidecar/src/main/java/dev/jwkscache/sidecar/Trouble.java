package dev.jwkscache.sidecar;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why an exchange failed. */
final class Trouble {
    private static final int MOST = 200;

    private Trouble() {}

    static String describe(Throwable thrown) {
        Throwable cause =
                thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (find(thrown, SSLException.class) || find(thrown, CertificateException.class)) {
            return "TLS failed: " + message(cause);
        }
        if (find(thrown, UnresolvedAddressException.class)) {
            return "the host name is unknown";
        }
        if (find(thrown, ConnectException.class)) {
            return "no connection (" + message(cause) + ")";
        }
        if (find(thrown, IOException.class)) {
            return message(cause);
        }
        throw new IllegalStateException(cause);
    }

    private static String message(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at.getMessage() != null) {
                return Printable.of(at.getMessage(), MOST);
            }
        }
        return cause instanceof ConnectException
                ? "refused or unreachable"
                : cause.getClass().getSimpleName();
    }

    private static boolean find(Throwable thrown, Class<? extends Throwable> type) {
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
