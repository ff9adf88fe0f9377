package dev.jwkscache;

import java.util.Set;

/**
 * What a user may decide about which entries of a set are used.
 *
 * @param minRsaBits the least size of an RSA modulus
 * @param signatureUses the values of {@code use} that count as «for signatures»
 */
record KeyRules(int minRsaBits, Set<String> signatureUses) {
    static final KeyRules STANDARD = new KeyRules(2048, Set.of("sig"));

    KeyRules {
        signatureUses = Set.copyOf(signatureUses);
    }
}
