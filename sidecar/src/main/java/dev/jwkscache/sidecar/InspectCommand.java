package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.Finding.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: fetches a set once and tells what is good and bad about it. */
@Command(
        name = "inspect",
        description = "Fetches a key set once and tells what is good and bad about it.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:clean", "1:findings", "2:unreachable, unreadable or no JWK Set; wrong arguments"})
final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<jwks-uri-or-file>", description = "Address or file of the key set.")
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private String source;

    @Option(
            names = "--timeout",
            paramLabel = "<seconds>",
            defaultValue = "10",
            converter = Spans.Converter.class,
            description = "Deadline over the whole fetch (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // Has a default.
    private Duration timeout;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Option(names = "--allow-plain-http", description = "Allow http beyond loopback.")
    private boolean plainHttpAllowed;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        @Nullable Download download = null;
        byte[] document;
        String name;
        if (Address.looksLikeOne(source)) {
            URI address = Address.parse(source, plainHttpAllowed);
            download = new Downloader(timeout, plainHttpAllowed).fetch(address);
            document = download.body();
            findings.addAll(DownloadFindings.of(address, download));
            name = Address.show(address);
        } else {
            document = read(source);
            findings.addAll(DownloadFindings.ofSize(document.length));
            name = Printable.line(source);
        }
        Inspection inspection = inspect(document, download);
        findings.addAll(SetFindings.of(inspection, Instant.now()));
        findings.sort(Comparator.comparing(Finding::weight));
        InspectionReport report = new InspectionReport(name, download, document.length, inspection, findings);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(report.json()));
        } else {
            report.lines().forEach(out::println);
        }
        boolean clean = findings.stream().allMatch(finding -> finding.weight() == Weight.NOTE);
        return clean ? ExitStatus.GOOD : ExitStatus.NOT_GOOD;
    }

    private Inspection inspect(byte[] document, @Nullable Download download) {
        try {
            return Inspection.of(document);
        } catch (CommandFailure e) {
            if (download == null) {
                throw new CommandFailure("the file '" + source + "' holds no JWK Set: " + e.getMessage());
            }
            String type = download.headers().firstValue("Content-Type").orElse("none");
            throw new CommandFailure(Address.show(download.address()) + " answers with status 200, but "
                    + e.getMessage() + " (Content-Type " + Printable.of(type, 60) + ")");
        }
    }

    private static byte[] read(String file) {
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            byte[] document = content.readNBytes(Downloader.MOST_BYTES + 1);
            if (document.length > Downloader.MOST_BYTES) {
                throw new CommandFailure("the file '" + file + "' has more than 8 MiB");
            }
            return document;
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new CommandFailure("there is no file '" + file + "' (an address begins with https://)");
        } catch (AccessDeniedException e) {
            throw new CommandFailure("the file '" + file + "' may not be read");
        } catch (IOException e) {
            throw new CommandFailure("the file '" + file + "' cannot be read: " + e.getMessage());
        }
    }
}
