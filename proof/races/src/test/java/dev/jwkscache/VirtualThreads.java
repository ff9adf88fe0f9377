package dev.jwkscache;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Virtual threads of a JDK that has them (21 and later; this code is compiled for 17), and who of them was pinned. */
final class VirtualThreads {
    static final Duration PINNED_AT_LEAST = Duration.ofMillis(20);

    private VirtualThreads() {}

    /** Runs a call in as many virtual threads at once, and returns all results. */
    static <T> List<T> run(int threads, Callable<T> call) throws Exception {
        ExecutorService executor = perTaskExecutor();
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            executor.shutdownNow();
        }
    }

    /** The events of threads that were pinned to their carriers for long while that work was done. */
    static List<RecordedEvent> pinnedDuring(Callable<?> work) throws Exception {
        Path file = Files.createTempFile("pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(PINNED_AT_LEAST)
                    .withStackTrace();
            recording.start();
            work.call();
            recording.stop();
            recording.dump(file);
            return pinned(file);
        } finally {
            Files.delete(file);
        }
    }

    private static List<RecordedEvent> pinned(Path file) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                .toList();
    }

    private static ExecutorService perTaskExecutor() throws ReflectiveOperationException {
        Method factory = java.util.concurrent.Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        return (ExecutorService) factory.invoke(null);
    }
}
