package dev.jwkscache.bench.trouble;

import java.net.URI;

/** A subject that lives in this JVM. */
interface JvmSubject extends Subject {
    KeySource open(URI jwksUri) throws Exception;

    @Override
    default Crew crew(URI jwksUri, Scenario scenario) throws Exception {
        return new ThreadCrew(open(jwksUri), scenario);
    }
}
