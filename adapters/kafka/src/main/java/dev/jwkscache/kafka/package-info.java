/** Kafka brokers on the keys of a cache. */
@NullMarked
package dev.jwkscache.kafka;

import org.jspecify.annotations.NullMarked;
