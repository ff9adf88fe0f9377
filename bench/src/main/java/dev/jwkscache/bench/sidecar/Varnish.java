package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Varnish with grace, which ends where keys should no longer be trusted. */
record Varnish() implements Subject {
    static final String PROGRAM = "varnishd";
    private static final Pattern VERSION = Pattern.compile("varnish-([0-9.]+)");

    @Override
    public String name() {
        return "Varnish";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        Matcher matcher = VERSION.matcher(Programs.output(List.of(Programs.path(PROGRAM), "-V"), Map.of()));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    @Override
    public String setUp(Bounds bounds) {
        return "`" + keeping(bounds).strip().replaceAll("\\s+", " ") + "`";
    }

    private static String keeping(Bounds bounds) {
        return """
                if (beresp.status >= 500) { return (abandon); }
                set beresp.ttl = %ss;
                set beresp.grace = %ss;
                """.formatted(
                Bounds.seconds(bounds.fresh()), Bounds.seconds(bounds.trusted().minus(bounds.fresh())));
    }

    @Override
    public List<String> command(int port, URI jwksUri, Bounds bounds, Path folder) throws IOException {
        String timeout = Bounds.seconds(bounds.timeout()) + "s";
        String program =
                """
                vcl 4.1;
                backend default {
                    .host = "127.0.0.1";
                    .port = "%d";
                    .connect_timeout = %s;
                    .first_byte_timeout = %s;
                    .between_bytes_timeout = %s;
                }
                sub vcl_backend_fetch { set bereq.url = "%s"; }
                sub vcl_backend_response {
                    %s
                }
                """.formatted(jwksUri.getPort(), timeout, timeout, timeout, jwksUri.getPath(), keeping(bounds));
        Path file = Files.writeString(folder.resolve("default.vcl"), program);
        return List.of(
                Programs.path(PROGRAM),
                "-F",
                "-j",
                "none",
                "-n",
                folder.resolve("work").toString(),
                "-a",
                "127.0.0.1:" + port,
                "-f",
                file.toString(),
                "-s",
                "malloc,16m");
    }
}
