package dev.jwkscache.bench.sidecar;

import dev.jwkscache.bench.sidecar.SidecarResult.Round;
import dev.jwkscache.bench.sidecar.SidecarResult.Served;
import dev.jwkscache.bench.sidecar.SidecarResult.Start;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How quickly subjects serve on one core while their provider is well, and how quickly they are there. */
final class Load {
    static final String PIN = "taskset";
    private static final List<String> SERVING_CORE = List.of(PIN, "-c", "0");
    private static final List<String> ASKING_CORE = List.of(PIN, "-c", "1");
    /** So that the set is about as large as that of a Keycloak. */
    private static final int KEYS = 7;

    private final List<Subject> subjects;
    private final boolean brief;

    Load(List<Subject> subjects, boolean brief) {
        this.subjects = subjects;
        this.brief = brief;
    }

    List<Served> served() throws IOException, InterruptedException {
        List<Server> servers = new ArrayList<>();
        List<List<Round>> rounds = new ArrayList<>();
        try (ScriptedProvider provider = provider();
                Wrk wrk = Wrk.open(ASKING_CORE)) {
            try {
                for (Subject subject : subjects) {
                    servers.add(Server.start(subject, provider.jwksUri(), Bounds.USUAL, SERVING_CORE));
                    rounds.add(new ArrayList<>());
                }
                for (Server server : servers) {
                    server.awaitKeys(new Client(server.address()));
                    wrk.on(server.address(), brief ? 1 : 10);
                }
                for (int round = 0; round < (brief ? 1 : 7); round++) {
                    for (int i = 0; i < servers.size(); i++) {
                        rounds.get(i).add(round(wrk, servers.get(i)));
                    }
                }
                List<Served> served = new ArrayList<>();
                for (int i = 0; i < servers.size(); i++) {
                    Server server = servers.get(i);
                    served.add(new Served(
                            subjects.get(i).name(),
                            new Client(server.address()).ask().bytes(),
                            rounds.get(i),
                            server.resident(),
                            server.mostResident()));
                }
                return served;
            } finally {
                for (Server server : servers) {
                    server.close();
                }
            }
        }
    }

    private Round round(Wrk wrk, Server server) throws IOException, InterruptedException {
        Duration before = server.processorTime();
        Wrk.Load load = wrk.on(server.address(), brief ? 1 : 6);
        Duration used = server.processorTime().minus(before);
        return new Round(
                load.requests() / load.seconds(),
                load.p50Nanos(),
                load.p99Nanos(),
                used.toNanos() / (double) Math.max(1, load.requests()),
                load.errors());
    }

    /** In turn, so that a loud neighbour is everybody's. */
    List<Start> starts() throws IOException, InterruptedException {
        List<Start> starts = new ArrayList<>();
        subjects.forEach(subject -> starts.add(new Start(subject.name(), new ArrayList<>())));
        try (ScriptedProvider provider = provider()) {
            for (int round = 0; round < (brief ? 1 : 11); round++) {
                for (int i = 0; i < subjects.size(); i++) {
                    starts.get(i).nanos().add(start(subjects.get(i), provider));
                }
            }
        }
        return starts;
    }

    private static double start(Subject subject, ScriptedProvider provider) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (Server server = Server.start(subject, provider.jwksUri(), Bounds.USUAL, List.of())) {
            server.awaitKeys(new Client(server.address()));
            return System.nanoTime() - began;
        }
    }

    private static ScriptedProvider provider() {
        ScriptedProvider provider = ScriptedProvider.start("RS256");
        while (provider.keys().size() < KEYS) {
            provider.addKey("RS256");
        }
        return provider;
    }
}
