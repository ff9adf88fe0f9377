/**
 * The cache under Nimbus JOSE+JWT, and so under everything that takes its types, Spring Security among them: a source of
 * JWKs, selectors of ready keys, and verifiers for the algorithms that Nimbus leaves out.
 */
@NullMarked
package dev.jwkscache.nimbus;

import org.jspecify.annotations.NullMarked;
