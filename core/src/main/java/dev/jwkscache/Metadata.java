package dev.jwkscache;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer's metadata says about its keys (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). Pure.
 *
 * @param keysAt where the key set is fetched from
 * @param document all of it, as published
 */
record Metadata(URI keysAt, String document) {

    /**
     * Reads a document.
     *
     * @param address where it comes from
     * @throws FetchException if it is of another issuer, or names no address that keys may come from
     */
    static Metadata read(byte[] document, Issuer issuer, URI address) throws FetchException {
        Map<String, Object> members;
        try {
            members = Json.object(document);
        } catch (FetchException e) {
            throw unfit(address, "cannot be used: " + e.detail() + "; see what that address answers");
        }
        requireIssuer(members.get("issuer"), issuer.name().toString(), address);
        if (!(members.get("jwks_uri") instanceof String jwksUri)) {
            throw unfit(
                    address,
                    "has no string \"jwks_uri\"; if the issuer publishes keys, name their address with"
                            + " JwksCache.builder");
        }
        URI parsed = parse(jwksUri);
        if (parsed == null) {
            throw unfit(address, "names a jwks_uri that is no address: " + SafeText.quoted(jwksUri));
        }
        List<String> faults = new ArrayList<>();
        Addresses.check(parsed, issuer.plainHttpAllowed() || issuer.isReachedElsewhere(parsed), faults);
        if (!faults.isEmpty()) {
            throw unfit(address, "cannot be used: " + String.join("; ", faults));
        }
        return new Metadata(issuer.reachedAt(parsed), text(document));
    }

    /** Without the byte order mark that a reader may ignore (RFC 8259 §8.1). */
    private static String text(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** As strings: two spellings of one address are two issuers (OpenID Connect Discovery §4.3, RFC 8414 §3.3). */
    private static void requireIssuer(@Nullable Object named, String wanted, URI address) throws FetchException {
        if (wanted.equals(named)) {
            return;
        }
        if (!(named instanceof String name)) {
            throw unfit(address, "has no string \"issuer\"; see whether it is the metadata of " + SafeText.of(wanted));
        }
        boolean slash = (wanted + "/").equals(name) || (name + "/").equals(wanted);
        throw unfit(
                address,
                "is that of the issuer " + SafeText.quoted(name) + " and not of " + SafeText.quoted(wanted)
                        + (slash
                                ? ", which differs by the slash at its end; configure it with the issuer's own spelling"
                                : "; if that is its name, configure it, and set fetchBase to where it is reached"));
    }

    private static @Nullable URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException | RuntimeException e) {
            return null;
        }
    }

    private static FetchException unfit(URI address, String fault) {
        return new FetchException(FailureReason.METADATA, "the metadata at " + SafeText.address(address) + " " + fault);
    }
}
