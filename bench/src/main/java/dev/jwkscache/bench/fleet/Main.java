package dev.jwkscache.bench.fleet;

import dev.jwkscache.bench.fleet.live.LivePart;
import dev.jwkscache.bench.fleet.simulation.SimulationPart;
import dev.jwkscache.bench.report.Page;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;

/** Shows the shared store at scale, and writes the page. */
public final class Main {
    static final int INSTANCES = 100_000;
    static final Duration DAY = Duration.ofHours(24);

    private Main() {}

    static List<Part<?>> parts(int instances, Duration hours) {
        return List.of(new LivePart(), new SimulationPart(instances, hours));
    }

    /**
     * Runs. Exit status 0: measured and written. 1: something failed. 2: bad arguments.
     *
     * @param arguments the root of the checkout; then {@code live} or {@code simulation} or nothing for both, {@code page} to
     *     write the page anew from what was measured before; {@code --instances} and {@code --hours} for the simulation;
     *     {@code --brief} to see that everything runs without touching the page
     */
    public static void main(String[] arguments) {
        List<String> wanted = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean brief = wanted.remove("--brief");
        int instances = (int) number(wanted, "--instances", INSTANCES, 10_000_000);
        Duration hours = Duration.ofHours(number(wanted, "--hours", DAY.toHours(), DAY.toHours()));
        if (!List.of("live", "simulation", "page").containsAll(wanted)) {
            refuse("there is no part " + wanted
                    + "; the parts are live, simulation and page, the options --instances N,"
                    + " --hours H and --brief");
        }
        // What is not the whole day of the page must not look like it.
        boolean whole = !brief && instances == INSTANCES && hours.equals(DAY);
        Path root = Path.of(arguments[0]);
        // Lettuce tells of each of four hundred lost connections.
        LogManager.getLogManager().reset();
        try {
            for (Part<?> part : parts(instances, hours)) {
                boolean mayWrite = whole || (!brief && part instanceof LivePart);
                Results results = new Results(root.resolve(mayWrite ? "bench/results" : "bench/target/brief"));
                if (wanted.isEmpty() || wanted.contains(part.name().replace("fleet-", ""))) {
                    System.out.println("== " + part.name());
                    System.out.println(measured(part, brief, results));
                }
                if (mayWrite) {
                    new Page(root.resolve("docs/fleet.md")).update(part, results);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static long number(List<String> arguments, String option, long otherwise, long most) {
        int at = arguments.indexOf(option);
        if (at < 0) {
            return otherwise;
        }
        arguments.remove(at);
        String value = at < arguments.size() ? arguments.remove(at) : "nothing";
        try {
            long number = Long.parseLong(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below with what was given.
        }
        refuse(option + " is " + value + "; it must be a whole number from 1 to " + most);
        return otherwise;
    }

    private static void refuse(String message) {
        System.err.println("fleet: " + message);
        System.exit(2);
    }

    private static <R> String measured(Part<R> part, boolean brief, Results results) throws IOException, Exception {
        R result = part.measure(brief);
        results.write(part, result);
        return part.section(result).markdown();
    }
}
