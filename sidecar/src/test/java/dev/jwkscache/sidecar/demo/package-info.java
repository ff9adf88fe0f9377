@NullMarked
package dev.jwkscache.sidecar.demo;

import org.jspecify.annotations.NullMarked;
