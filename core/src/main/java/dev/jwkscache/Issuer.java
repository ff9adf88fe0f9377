package dev.jwkscache;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose metadata tells where its keys are.
 *
 * @param name the identifier, spelled as tokens and metadata spell it
 * @param fetchBase the origin where it is reached, or null when that is the one of its name
 * @param plainHttpAllowed whether the keys may come over plain http
 */
record Issuer(URI name, @Nullable URI fetchBase, boolean plainHttpAllowed) {

    /** Adds what makes the two addresses unfit. */
    void check(List<String> faults) {
        // Nothing is fetched from a name that is reached elsewhere.
        Addresses.check("issuer", name, plainHttpAllowed || fetchBase != null, faults);
        if (name.getRawQuery() != null) {
            faults.add("the issuer " + SafeText.address(name)
                    + " has a query, which no issuer has (RFC 8414 §2); name it as the claim iss of its tokens does");
        }
        if (fetchBase == null) {
            return;
        }
        Addresses.check("fetchBase", fetchBase, plainHttpAllowed, faults);
        String path = fetchBase.getRawPath();
        if (fetchBase.getRawQuery() != null || (path != null && !path.isEmpty() && !path.equals("/"))) {
            faults.add("the fetchBase " + SafeText.address(fetchBase)
                    + " has a path or a query; name scheme, host and port only, the path is the issuer's");
        }
    }

    /** Where its metadata is fetched from. */
    URI reachedAt() {
        return fetchBase == null ? name : Addresses.at(fetchBase, name);
    }

    /** Whether an address is reached at the fetch base because it is one of the issuer's own origin. */
    boolean isReachedElsewhere(URI address) {
        return fetchBase != null
                && address.getScheme() != null
                && address.getHost() != null
                && Addresses.sameOrigin(address, name);
    }

    /** Where an address that the metadata names is fetched from. */
    URI reachedAt(URI address) {
        return fetchBase != null && isReachedElsewhere(address) ? Addresses.at(fetchBase, address) : address;
    }
}
