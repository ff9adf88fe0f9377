package dev.jwkscache.bench.many;

import dev.jwkscache.testkit.*;
import java.time.Duration;

final class ManyMain {
    public static void main(String[] a) throws Exception {
        try (ScriptedProvider p = ScriptedProvider.start("RS256")) {
            p.addKey("RS256");
            p.behave(Behaviour.healthy().slow(Duration.ofMillis(50)));
            Process c = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "dev.jwkscache.bench.many.ManyCaches",
                            p.jwksUri().toString(),
                            a[0],
                            a[1],
                            a[2])
                    .inheritIO()
                    .start();
            c.waitFor();
        }
    }
}
