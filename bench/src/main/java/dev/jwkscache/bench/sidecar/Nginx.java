package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * nginx with one worker and {@code proxy_cache}, with all that it has against an unwell provider.
 *
 * @param keepsFilesOpen whether it need not open the cached answer for each request, which few set up
 */
record Nginx(boolean keepsFilesOpen) implements Subject {
    static final String PROGRAM = "nginx";
    private static final String FILES_STAY_OPEN = "open_file_cache max=16 inactive=1h; open_file_cache_valid 1h;";

    @Override
    public String name() {
        return keepsFilesOpen ? "nginx, open_file_cache" : "nginx";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Programs.output(List.of(Programs.path(PROGRAM), "-v"), Map.of())
                .strip()
                .replaceFirst(".*/", "");
    }

    @Override
    public String setUp(Bounds bounds) {
        return "`worker_processes 1; access_log off; " + (keepsFilesOpen ? FILES_STAY_OPEN + " " : "")
                + caching(bounds).strip().replaceAll("\\s+", " ") + "`";
    }

    private static String caching(Bounds bounds) {
        String timeout = bounds.timeout().toMillis() + "ms";
        return """
                proxy_cache_valid 200 %ss;
                proxy_cache_use_stale error timeout invalid_header updating http_500 http_502 http_503 http_504;
                proxy_cache_background_update on;
                proxy_cache_lock on;
                proxy_cache_revalidate on;
                proxy_ignore_headers Cache-Control Expires;
                proxy_connect_timeout %s;
                proxy_read_timeout %s;
                """.formatted(Bounds.seconds(bounds.fresh()), timeout, timeout);
    }

    @Override
    public List<String> command(int port, URI jwksUri, Bounds bounds, Path folder) throws IOException {
        // Else workers of a master that is root run as somebody who may not enter the folder.
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        String configuration = """
                %s
                worker_processes 1;
                daemon off;
                pid %s/pid;
                error_log %s/error.log;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    keepalive_requests 1000000000;
                    client_body_temp_path %s/body;
                    proxy_temp_path %s/temp;
                    fastcgi_temp_path %s/temp;
                    uwsgi_temp_path %s/temp;
                    scgi_temp_path %s/temp;
                    %s
                    proxy_cache_path %s/cache keys_zone=keys:1m inactive=%ss;
                    server {
                        listen 127.0.0.1:%d backlog=1024;
                        location = %s {
                            proxy_pass %s;
                            proxy_cache keys;
                            %s
                        }
                    }
                }
                """.replace("%s/", folder + "/").formatted(
                user,
                keepsFilesOpen ? FILES_STAY_OPEN : "",
                Bounds.seconds(bounds.trusted()),
                port,
                PATH,
                jwksUri,
                caching(bounds));
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        return List.of(Programs.path(PROGRAM), "-p", folder.toString(), "-c", file.toString());
    }
}
