package dev.myrmidon.context;

import dev.myrmidon.TaskDecorator;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.List;

/// Decorators that take the context of whoever submits a task to the worker that runs it.
///
/// ```java
/// Pool pool = Pool.builder("orders")
///         .capacity(200)
///         .decorator(ContextDecorators.mdc())
///         .decorator(ContextDecorators.scopedValues(TENANT))
///         .build();
/// ```
///
/// Each of them captures the context where the task is submitted and establishes it around the task.
/// What the thread that runs it had before is there again afterwards, whatever the task did or threw: so
/// nothing that a task leaves behind reaches the next one on its worker, and a task that runs inside
/// another one, or in the thread that submitted it, leaves that one's context as it was. A task that is
/// [scheduled][dev.myrmidon.Pool#scheduler()] has the context of where it was scheduled, in each
/// execution.
///
/// Capturing copies references, not what they refer to: a mutable object is shared by both threads.
///
/// SLF4J and Micrometer's Context Propagation are optional dependencies. The methods that need one of
/// them throw [NoClassDefFoundError] if it isn't there.
///
/// The decorators are thread-safe, and one of them serves any number of pools.
public final class ContextDecorators {
    private ContextDecorators() {}

    /// Takes SLF4J's Mapped Diagnostic Context along. Needs `org.slf4j:slf4j-api` 2.0 or later and a
    /// provider that has an MDC.
    ///
    /// While the task runs the MDC holds what it held where the task was submitted, and nothing else: it
    /// is empty if it was empty there. Values of `MDC.pushByKey` are not taken along.
    ///
    /// @return the decorator
    public static TaskDecorator mdc() {
        return new MdcDecorator();
    }

    /// Takes along every thread local for which a `ThreadLocalAccessor` is registered in Micrometer's
    /// global `ContextRegistry`: observations, traces, what Reactor and Spring register, and so on.
    /// Needs `io.micrometer:context-propagation` 1.1 or later.
    ///
    /// While the task runs, thread locals that had no value where it was submitted have none.
    ///
    /// @return the decorator
    public static TaskDecorator micrometer() {
        return micrometer(ContextSnapshotFactory.builder().clearMissing(true).build());
    }

    /// [#micrometer()] with a factory of your own, say for another registry or fewer keys.
    ///
    /// @param snapshots captures the context. Unless it clears what is missing, a thread local that had
    ///     no value where the task was submitted keeps the one that an earlier task has left on the
    ///     worker
    /// @return the decorator
    /// @throws NullPointerException if the factory is null
    @SuppressWarnings("exports") // whoever has such a factory has its module
    public static TaskDecorator micrometer(ContextSnapshotFactory snapshots) {
        return new SnapshotDecorator(snapshots);
    }

    /// Takes the bindings of these scoped values along. Needs nothing but the JDK.
    ///
    /// Those that are bound where the task is submitted are bound to the same while it runs. The others
    /// are not bound by this. The JDK can't unbind a scoped value, so in one case such a value is bound
    /// all the same: when the task runs inside another task of the pool that waits for it, it sees the
    /// bindings of that one. Where that matters, bind the value for every submitter, or use an
    /// [isolated][dev.myrmidon.PoolConfig#isolated()] pool.
    ///
    /// @param values which ones; at least one
    /// @return the decorator
    /// @throws IllegalArgumentException if there is none
    /// @throws NullPointerException if one is null
    public static TaskDecorator scopedValues(ScopedValue<?>... values) {
        return new ScopedValuesDecorator(List.of(values));
    }
}
