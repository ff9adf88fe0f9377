/**
 * A scripted identity provider and virtual time, for tests of anything that fetches JWK Sets.
 *
 * <p>{@link dev.jwkscache.testkit.ScriptedProvider} is the provider, {@link dev.jwkscache.testkit.Behaviour} what it
 * can be told to do, {@link dev.jwkscache.testkit.VirtualTime} the clock and scheduler. The keys and tokens made here
 * are for tests only.
 */
@NullMarked
package dev.jwkscache.testkit;

import org.jspecify.annotations.NullMarked;
