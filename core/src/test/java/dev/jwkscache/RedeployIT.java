package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.ScriptedProvider;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An application that is deployed and undeployed again and again, as in a servlet container: a class loader each time. */
class RedeployIT {
    private static final int TIMES = 20;

    @Test
    void twentyRedeploymentsLeaveNoClassLoaderAndNoThread() throws Exception {
        List<WeakReference<ClassLoader>> applications = new ArrayList<>();
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            for (int i = 0; i < TIMES; i++) {
                applications.add(deployAndUndeploy(provider.jwksUri()));
            }
            assertThat(provider.requestCount()).isEqualTo(2 * TIMES);
        }
        for (int i = 0; i < 200 && alive(applications) > 0; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(alive(applications)).isZero();
    }

    private static long alive(List<WeakReference<ClassLoader>> applications) {
        return applications.stream().filter(loader -> loader.get() != null).count();
    }

    private static WeakReference<ClassLoader> deployAndUndeploy(URI jwksUri) throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Class<?> type = loader.loadClass(Application.class.getName());
            assertThat(type).isNotSameAs(Application.class);
            @SuppressWarnings("unchecked")
            Consumer<URI> application =
                    (Consumer<URI>) type.getDeclaredConstructor().newInstance();
            application.accept(jwksUri);
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Loaded anew by each loader, with the library and all it needs. */
    public static final class Application implements Consumer<URI> {
        @Override
        public void accept(URI jwksUri) {
            try (JwksCache cache = JwksCache.builder(jwksUri).build()) {
                cache.start();
                String kid = cache.get().kids().iterator().next();
                cache.key(kid, "ES256");
                cache.keyAsync(kid, "ES256").join();
                cache.keyAsync("forged", "RS256")
                        .handle((key, refused) -> refused)
                        .join();
            }
        }
    }
}
