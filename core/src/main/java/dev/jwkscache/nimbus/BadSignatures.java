package dev.jwkscache.nimbus;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** Where signatures that did not verify are reported. */
interface BadSignatures {
    void report(@Nullable String kid, String alg, PublicKey key);
}
