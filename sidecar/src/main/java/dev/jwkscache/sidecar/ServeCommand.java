package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.ConfigurationException;
import dev.jwkscache.sidecar.configuration.ServeOptions;
import dev.jwkscache.sidecar.process.Sidecar;
import dev.jwkscache.sidecar.process.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code serve}: keeps key sets and serves them over HTTP, until it is told to stop. */
@Command(
        name = "serve",
        description = "Keeps key sets and serves them over HTTP, for clients in any language.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it was told to stop", "2:wrong arguments, variables or file, or a port is taken"})
final class ServeCommand implements Callable<Integer> {
    private static final String LOGGER = "jwks-cache";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private CommandSpec spec;

    private final Map<String, String> environment;

    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    private enum Wish {
        STOP,
        RELOAD
    }

    @Override
    public Integer call() throws InterruptedException {
        ParseResult parsed = spec.commandLine().getParseResult();
        Logger log = LoggerFactory.getLogger(LOGGER);
        BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
        hear("TERM", Wish.STOP, wishes);
        hear("INT", Wish.STOP, wishes);
        hear("HUP", Wish.RELOAD, wishes);
        try (Sidecar sidecar = start(read(parsed, log))) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(Main.NAME + ": serving " + sidecar.providers().all().size() + " key set(s) at "
                    + sidecar.address() + ", management at " + sidecar.managementAddress());
            out.flush();
            while (wishes.take() == Wish.RELOAD) {
                reload(sidecar, parsed, log);
            }
            log.atInfo().log("jwks_sidecar_stopping");
        }
        return ExitStatus.GOOD;
    }

    /** Asks for the wish's class now: an upgrade may have replaced the jar by the time that the signal comes. */
    private static void hear(String signal, Wish wish, BlockingQueue<Wish> wishes) {
        Signals.on(signal, () -> wishes.add(wish));
    }

    private Configuration read(ParseResult parsed, Logger log) {
        return ServeOptions.read(
                parsed,
                environment,
                System.getProperty("user.home"),
                warning -> log.atWarn().addKeyValue("warning", warning).log("jwks_sidecar_configuration"));
    }

    private static Sidecar start(Configuration configuration) {
        try {
            return Sidecar.start(configuration);
        } catch (IOException | IllegalArgumentException refused) {
            throw new CommandFailure(String.valueOf(refused.getMessage()));
        }
    }

    /** Whatever is wrong with the file, the sidecar goes on as it was. */
    private void reload(Sidecar sidecar, ParseResult parsed, Logger log) {
        try {
            boolean restart = sidecar.reload(read(parsed, log));
            log.atInfo()
                    .addKeyValue("providers", sidecar.providers().all().size())
                    .log("jwks_sidecar_reloaded");
            if (restart) {
                log.atWarn().log("jwks_sidecar_needs_restart");
            }
        } catch (ConfigurationException | IllegalArgumentException wrong) {
            log.atError()
                    .addKeyValue("error", Printable.line(String.valueOf(wrong.getMessage())))
                    .log("jwks_sidecar_not_reloaded");
        }
    }
}
