package dev.jwkscache;

import java.lang.reflect.Field;
import java.net.URI;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two of three caches for an address are closed at once: one is left, and after it none. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "both were counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "a count was lost")
@State
public class OpenCachesRace {
    private static final Map<?, ?> COUNTS = counts();

    private final URI address = QuietLogs.unusedAddress();

    public OpenCachesRace() {
        OpenCaches.opened(address);
        OpenCaches.opened(address);
        OpenCaches.opened(address);
    }

    @Actor
    public void one() {
        OpenCaches.closed(address);
    }

    @Actor
    public void other() {
        OpenCaches.closed(address);
    }

    @Arbiter
    public void judge(ZZ_Result result) {
        result.r1 = COUNTS.containsKey(address);
        OpenCaches.closed(address);
        result.r2 = COUNTS.containsKey(address);
    }

    private static Map<?, ?> counts() {
        try {
            Field field = OpenCaches.class.getDeclaredField("COUNTS");
            field.setAccessible(true);
            return (Map<?, ?>) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
