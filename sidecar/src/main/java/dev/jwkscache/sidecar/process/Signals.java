package dev.jwkscache.sidecar.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Hears the signals of the operating system. By reflection, since {@code sun.misc.Signal}, which every JDK has and nothing
 * replaces, cannot be named in a source without a warning of the compiler.
 */
public final class Signals {
    private Signals() {}

    /**
     * From now on a signal runs this, on a thread of the JVM, instead of what it did before.
     *
     * @param name such as {@code HUP}
     * @return false where this system does not have the signal, or somebody else hears it already
     */
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler heard = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                    return null;
                }
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "on " + name;
                };
            };
            Object instance = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, heard);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
            return true;
        } catch (ReflectiveOperationException unknownSignal) {
            return false;
        }
    }
}
