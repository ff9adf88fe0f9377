/**
 * Tests of the cache against a real Keycloak process, and what they need: the server, its admin API, callers that
 * verify its tokens all the time.
 */
@NullMarked
package dev.jwkscache.keycloak;

import org.jspecify.annotations.NullMarked;
