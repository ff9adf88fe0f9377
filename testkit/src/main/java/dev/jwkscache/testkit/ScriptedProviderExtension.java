package dev.jwkscache.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods of JUnit 5 and 6 their own {@link ScriptedProvider} and {@link VirtualTime} as parameters.
 *
 * <p>Register it with {@code @ExtendWith(ScriptedProviderExtension.class)} for a provider with one RS256 key, or as a
 * field with {@code @RegisterExtension} to choose the algorithms. Every test gets new ones, shared by its {@code
 * @BeforeEach}, test and {@code @AfterEach} methods, and closed after these. A parameter marked {@link InMemory} is a
 * provider without a network in that {@code VirtualTime}; an unmarked one listens on 127.0.0.1 in real time.
 *
 * <p>{@code @BeforeAll} and {@code @AfterAll} methods share others, closed after the class. Constructors get none,
 * since JUnit does not tell for which test they run. Holds no state of its own.
 */
public final class ScriptedProviderExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(ScriptedProviderExtension.class);

    private static final String SOCKET = "provider on a socket";
    private static final String MEMORY = "provider in memory";

    private final List<String> algorithms;

    /** Marks a {@link ScriptedProvider} parameter that answers {@link ScriptedProvider#exchange} in virtual time. */
    @Documented
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    public @interface InMemory {}

    /** Makes an extension whose providers have one RS256 key. */
    public ScriptedProviderExtension() {
        this("RS256");
    }

    /**
     * Makes an extension whose providers have one key for each of the given algorithms.
     *
     * @param algorithms as for {@link ScriptedProvider#start(String...)}, which checks them when a test wants a
     *     provider
     */
    public ScriptedProviderExtension(String... algorithms) {
        this.algorithms = List.of(algorithms);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return (type == ScriptedProvider.class || type == VirtualTime.class)
                && parameter.getDeclaringExecutable() instanceof Method;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getParameter().getType() == VirtualTime.class) {
            return time(context);
        }
        String[] names = algorithms.toArray(String[]::new);
        return parameter.isAnnotated(InMemory.class)
                ? stored(context, MEMORY, ScriptedProvider.class, () -> ScriptedProvider.inMemory(time(context), names))
                : stored(context, SOCKET, ScriptedProvider.class, () -> ScriptedProvider.start(names));
    }

    /** Closes the providers of the test. */
    @Override
    public void afterEach(ExtensionContext test) {
        close(test);
    }

    /** Closes the providers of the class. */
    @Override
    public void afterAll(ExtensionContext testClass) {
        close(testClass);
    }

    private static VirtualTime time(ExtensionContext context) {
        return stored(context, "time", VirtualTime.class, VirtualTime::new);
    }

    /** Not a closeable resource of the store: how to say that differs between the versions of JUnit. */
    private static void close(ExtensionContext context) {
        for (String kind : List.of(SOCKET, MEMORY)) {
            ScriptedProvider provider = context.getStore(NAMESPACE).remove(key(context, kind), ScriptedProvider.class);
            if (provider != null) {
                provider.close();
            }
        }
    }

    private static <T> T stored(ExtensionContext context, String kind, Class<T> type, Supplier<T> maker) {
        Store store = context.getStore(NAMESPACE);
        String key = key(context, kind);
        T value = store.get(key, type);
        if (value == null) {
            value = maker.get();
            store.put(key, value);
        }
        return value;
    }

    /** The store of a test also shows what is in the store of its class; the id keeps them apart. */
    private static String key(ExtensionContext context, String kind) {
        return kind + " of " + context.getUniqueId();
    }
}
