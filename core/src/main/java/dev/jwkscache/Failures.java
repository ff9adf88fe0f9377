package dev.jwkscache;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns whatever an exchange threw into a reason that people can act on. */
final class Failures {
    private Failures() {}

    static FetchException explain(Throwable thrown) {
        FetchException known = find(thrown, FetchException.class);
        if (known != null) {
            return known;
        }
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (find(thrown, SSLException.class) != null || find(thrown, CertificateException.class) != null) {
            return new FetchException(FailureReason.TLS, "TLS failed: " + distrust(thrown, cause));
        }
        if (find(thrown, UnresolvedAddressException.class) != null) {
            return new FetchException(FailureReason.CONNECT, "the host name is unknown");
        }
        if (find(thrown, ConnectException.class) != null) {
            return new FetchException(
                    FailureReason.CONNECT,
                    "no connection: " + (cause.getMessage() == null ? "refused or unreachable" : message(cause)));
        }
        if (find(thrown, HttpTimeoutException.class) != null) {
            return new FetchException(FailureReason.TIMEOUT, message(cause));
        }
        if (find(thrown, IOException.class) != null) {
            return new FetchException(FailureReason.IO, "the connection broke: " + message(cause));
        }
        return new FetchException(
                FailureReason.ORIGIN, "the origin threw " + cause.getClass().getName());
    }

    static FetchException timeout(Duration timeout) {
        return new FetchException(
                FailureReason.TIMEOUT, "no complete answer within the fetch timeout of " + Settings.seconds(timeout));
    }

    static FetchException noThread(Throwable cause) {
        return new FetchException(
                FailureReason.ORIGIN,
                "no thread to fetch with: " + cause.getClass().getSimpleName());
    }

    static FetchException stillCalling() {
        return new FetchException(FailureReason.ORIGIN, "the origin has not returned from the call before");
    }

    /** Why a fetch was not made that another instance of the fleet has just failed with. */
    static FetchException ofFleet(String reason, Duration pause) {
        return new FetchException(
                FailureReason.FLEET,
                "the fetch of another instance failed with " + SafeText.of(reason) + "; the fleet tries again in "
                        + Settings.seconds(pause));
    }

    /** Why a fetch that waited for its turn was not made. */
    static RefreshFailure quiet(@Nullable Moment until, Moment now) {
        String end = until == null ? "later" : "in " + Settings.seconds(until.remaining(now));
        return new RefreshFailure(
                FailureReason.RETRY_LATER, "the provider asked for quiet (Retry-After); try again " + end, now.wall());
    }

    /** What is wrong with the certificate, in words that say what to do. */
    private static String distrust(Throwable thrown, Throwable cause) {
        CertificateExpiredException expired = find(thrown, CertificateExpiredException.class);
        if (expired != null) {
            return "the certificate has expired (" + message(expired) + ")";
        }
        CertificateNotYetValidException early = find(thrown, CertificateNotYetValidException.class);
        if (early != null) {
            return "the certificate is not valid yet (" + message(early) + ")";
        }
        if (find(thrown, CertPathBuilderException.class) != null) {
            return "the certificate is signed by no CA that is trusted here; name the CA with"
                    + " Transport.trustedCertificates or Transport.sslContext";
        }
        return message(cause);
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : SafeText.of(message);
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
