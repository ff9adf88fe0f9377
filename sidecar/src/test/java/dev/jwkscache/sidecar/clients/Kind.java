package dev.jwkscache.sidecar.clients;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The clients, and what each can do. */
enum Kind {
    PYJWT("Python, PyJWT", true, List.of("RS256", "ES256", "Ed25519")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return python("python/verify.py", keys + "/jwks.json", issuer, audience);
        }
    },
    PYJWT_DISCOVERY("Python, PyJWT with the metadata", true, List.of("RS256", "ES256", "Ed25519")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return python("python/discover.py", keys + METADATA, audience);
        }
    },
    JOSE("Node, jose", false, List.of("RS256", "ES256", "Ed25519")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return node("jose.js", keys + "/jwks.json", issuer, audience);
        }
    },
    JOSE_DISCOVERY("Node, jose with the metadata", false, List.of("RS256", "ES256", "Ed25519")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return node("discover.js", keys + METADATA, audience);
        }
    },
    JWKS_RSA("Node, jwks-rsa", true, List.of("RS256", "ES256")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return node("jwks-rsa.js", keys + "/jwks.json", issuer, audience);
        }
    },
    NIMBUS("Java, Nimbus", true, List.of("RS256", "ES256")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return new NimbusClient(URI.create(keys + "/jwks.json").toURL(), issuer, audience);
        }
    },
    JOSE4J("Java, jose4j", true, List.of("RS256", "ES256", "Ed25519")) {
        @Override
        Client open(URI keys, String issuer, String audience) {
            return new Jose4jClient(keys + "/jwks.json", issuer, audience);
        }
    },
    SHELL("curl and openssl", true, List.of("RS256")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            return shell(keys);
        }
    },
    SHELL_BEHIND_NGINX("curl and openssl behind nginx", true, List.of("RS256")) {
        @Override
        Client open(URI keys, String issuer, String audience) throws Exception {
            URI sidecar = URI.create(keys.getScheme() + "://" + keys.getAuthority());
            Nginx nginx = Nginx.before(sidecar);
            Client client = shell(URI.create(nginx.address() + keys.getPath()));
            return new Client() {
                @Override
                public String subject(String token) throws Exception {
                    return client.subject(token);
                }

                @Override
                public void close() throws IOException {
                    try (nginx) {
                        client.close();
                    }
                }
            };
        }
    };

    private static final String METADATA = "/.well-known/openid-configuration";

    private final String label;
    private final boolean asksAtOnce;
    private final List<String> algorithms;

    Kind(String label, boolean asksAtOnce, List<String> algorithms) {
        this.label = label;
        this.asksAtOnce = asksAtOnce;
        this.algorithms = algorithms;
    }

    /**
     * Starts one that knows nothing yet.
     *
     * @param keys of a provider at the sidecar: {@code http://127.0.0.1:8090/main}
     * @param issuer of its tokens
     * @param audience of its tokens
     */
    abstract Client open(URI keys, String issuer, String audience) throws Exception;

    /** As documentation names it. */
    String label() {
        return label;
    }

    /** Whether one unknown kid makes it ask again at once, whenever it asked last. */
    boolean asksAtOnce() {
        return asksAtOnce;
    }

    /** By which it verifies, as {@link dev.jwkscache.keycloak.KeycloakAdmin} names them. */
    List<String> algorithms() {
        return algorithms;
    }

    private static Client python(String script, String... arguments) throws Exception {
        Path file = Tools.script(script);
        return new ScriptClient(file.getParent(), command(List.of(Tools.python(), file.toString()), arguments));
    }

    private static Client node(String script, String... arguments) throws Exception {
        Path folder = Tools.nodeModules();
        return new ScriptClient(
                folder, command(List.of(Tools.program("node", "Node.js 20 or later"), script), arguments));
    }

    private static Client shell(URI keys) throws Exception {
        Tools.program("curl", "curl");
        Tools.program("openssl", "openssl");
        Path file = Tools.script("shell/verify.sh");
        return new ScriptClient(file.getParent(), "sh", file.toString(), keys + "/keys");
    }

    private static String[] command(List<String> program, String... arguments) {
        return Stream.concat(program.stream(), Arrays.stream(arguments)).toArray(String[]::new);
    }
}
