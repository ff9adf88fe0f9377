package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.configuration.ConfigurationException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells whatever goes wrong on standard error: in exactly one line, or one for each fault of a configuration. */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        return tell(message(failure) + " (see " + name + " --help)", command.getErr());
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult result) {
        if (failure instanceof ConfigurationException wrong) {
            PrintWriter err = command.getErr();
            List<String> faults = wrong.faults();
            if (faults.size() > 1) {
                tell(faults.size() + " settings are wrong:", err);
                faults.forEach(fault -> err.println("  - " + Printable.line(fault)));
                err.flush();
                return ExitStatus.FAILED;
            }
            return tell(faults.get(0), err);
        }
        if (failure instanceof CommandFailure) {
            return tell(String.valueOf(failure.getMessage()), command.getErr());
        }
        return unforeseen(failure, command.getErr());
    }

    static int unforeseen(Throwable failure, PrintWriter err) {
        String message = failure.getMessage();
        return tell(failure.getClass().getName() + (message == null ? "" : ": " + message) + " (this is a bug)", err);
    }

    private static String message(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String argument = unmatched.getUnmatched().get(0);
            boolean root = failure.getCommandLine().getParent() == null;
            return root
                    ? "there is no command '" + argument + "'; there are demo, serve, watch, inspect and history"
                    : "'" + argument + "' is one argument too many";
        }
        return String.valueOf(failure.getMessage());
    }

    private static int tell(String message, PrintWriter err) {
        err.println(Main.NAME + ": " + Printable.line(message));
        err.flush();
        return ExitStatus.FAILED;
    }
}
