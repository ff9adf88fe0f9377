package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/**
 * A flight with what its request was sent with.
 *
 * @param basis the set that the answer may confirm, or null when only a whole document will do
 * @param forced whether copies on the way will not do
 * @param sentAt the moment that the age of what it brings counts from
 */
record Attempt(Flight flight, @Nullable Snapshot basis, boolean forced, Moment sentAt) {}
