/** Clients of a sidecar, as their users write them, against a real Keycloak; what starts and ends their processes. */
@NullMarked
package dev.jwkscache.sidecar.clients;

import org.jspecify.annotations.NullMarked;
