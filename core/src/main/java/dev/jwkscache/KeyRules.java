package dev.jwkscache;

import java.util.Set;

/**
 * What a user may decide about which entries of a set are used, and what is kept of them.
 *
 * @param minRsaBits the least size of an RSA modulus
 * @param signatureUses the values of {@code use} that count as «for signatures»
 * @param keepJson whether keys keep the JSON that they were published as
 */
record KeyRules(int minRsaBits, Set<String> signatureUses, boolean keepJson) {
    static final KeyRules STANDARD = new KeyRules(2048, Set.of("sig"), false);

    KeyRules {
        signatureUses = Set.copyOf(signatureUses);
    }
}
