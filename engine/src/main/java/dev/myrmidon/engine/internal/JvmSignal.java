package dev.myrmidon.engine.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// `sun.misc.Signal`, the only way to answer a signal without ending the JVM, reached by name: javac warns of each
/// mention of it, and neither an option nor an annotation quiets that warning alone. Module `jdk.unsupported` exports
/// it.
public final class JvmSignal {
    private static final Class<?> SIGNAL;
    private static final Class<?> HANDLER;
    private static final Constructor<?> NEW_SIGNAL;
    private static final Method HANDLE;
    private static final MethodHandle RUN;

    static {
        try {
            SIGNAL = Class.forName("sun.misc.Signal");
            HANDLER = Class.forName("sun.misc.SignalHandler");
            NEW_SIGNAL = SIGNAL.getConstructor(String.class);
            HANDLE = SIGNAL.getMethod("handle", SIGNAL, HANDLER);
            RUN = MethodHandles.publicLookup().findVirtual(Runnable.class, "run", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private JvmSignal() {}

    /// From now on the JVM calls this for each such signal, on a new thread.
    ///
    /// @param name without "SIG"
    /// @return the handler that was there before, for [#restore]
    /// @throws IllegalArgumentException if the JVM leaves this signal alone
    public static Object handle(String name, Runnable onSignal) {
        MethodHandle handle = MethodHandles.dropArguments(RUN.bindTo(onSignal), 0, SIGNAL);
        return set(name, MethodHandleProxies.asInterfaceInstance(HANDLER, handle));
    }

    /// Puts back a handler that [#handle] replaced.
    public static void restore(String name, Object handler) {
        set(name, handler);
    }

    private static Object set(String name, Object handler) {
        try {
            return HANDLE.invoke(null, NEW_SIGNAL.newInstance(name), handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("SIG" + name + " can't be handled", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " can't be handled", e);
        }
    }
}
