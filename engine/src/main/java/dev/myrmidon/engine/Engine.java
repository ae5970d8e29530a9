package dev.myrmidon.engine;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.TaskFunction;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.manage.Autoscaler;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryReport;
import dev.myrmidon.manage.TaskTracker;
import dev.myrmidon.manage.alarm.Alarms;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Pools that are configured in one place, opened together and drained together.
///
/// ```java
/// public static void main(String[] args) {
///     try (Engine engine = Engine.load(Path.of("config.yaml"))) {
///         engine.pool().execute(() -> ship(order));
///         FunctionPool<URI> crawl = engine.functionPool("crawl", 1_000, App::fetch);
///         crawl.invoke(uri);
///         engine.run(); // until SIGTERM, SIGINT or close()
///     }
/// }
/// ```
///
/// An engine has a thread that looks at its pools, one or two that watch its file, and some more if pools are
/// scaled or there are alarms. Its pools start none until they are used. It is thread-safe. Once closed it stays so.
///
/// **The file** may be edited while the engine runs. What changed in it is applied as a whole, while tasks
/// run: a pool gets its new settings, pools that came are opened, and those that went are drained in the
/// background, within [EngineConfig#grace()]; their names are free afterwards. What the application changed
/// itself, as by [Pool#resize(int)], stays, unless the file has another value than before at that very
/// place. A file in which anything is wrong changes nothing, and neither does one that asks for what a pool
/// can't change while it is open (`queue.order`, `queue.aging`, `isolated`, `timed`, `pre_alloc`, `tracker`
/// and `management`). Each change, applied or refused, is logged by `System.Logger`, under the name of this class,
/// and kept in the [#audit()].
///
/// A file that is written in place is looked at when nothing has been written for a tenth of a second. If what stands
/// there then happens to be right, it holds. So replace the file (write another one, rename it), or the symbolic link
/// to it or to its folder, as Kubernetes does.
///
/// **The HTTP API** of [EngineConfig#management()] listens from before the pools are opened until they are
/// closed, and answers as soon as they are open. Writes need a token, and reads too where others than this
/// machine can reach it; what writes did, and what was refused, is
/// in the [#audit()].
///
/// **Metrics** of the pools and the JVM are served there at `/metrics`, for Prometheus, and sent to
/// [EngineConfig#otlp()]. When the engine closes they are sent once more, after the last pool has ended, which takes 2
/// seconds at most.
///
/// **Closing** refuses new tasks in all pools, waits for the accepted ones, and interrupts what still runs when
/// [EngineConfig#grace()] has passed, counted once for all pools. It belongs outside: a task of one of the engine's
/// pools that closes the engine waits for itself until the grace has passed. A task that wants the engine to end
/// starts a thread for that: `Thread.startVirtualThread(engine::close)`.
public sealed interface Engine extends AutoCloseable permits DefaultEngine {

    /// An engine from a configuration file, which applies what changes in it from now on. Nothing is opened if
    /// anything in the file is wrong. A pipe or a device is read once and not watched.
    ///
    /// @param file a YAML file of at most 1 MiB
    /// @return the engine, with its pools open
    /// @throws ConfigException if the file can't be read or anything in it is wrong, when it lists every
    ///     mistake; or if what it says of `management` can't be had, such as a port that is taken
    static Engine load(Path file) {
        return load(file, true);
    }

    /// An engine from a configuration file, as by [#load(Path)].
    ///
    /// @param file a YAML file of at most 1 MiB
    /// @param watch false to apply what changes in it only when asked to, by [#reload()] or SIGHUP
    /// @return the engine, with its pools open
    /// @throws ConfigException if the file can't be read or anything in it is wrong, when it lists every
    ///     mistake; or if what it says of `management` can't be had, such as a port that is taken
    static Engine load(Path file, boolean watch) {
        return new DefaultEngine(file, watch);
    }

    /// {@return an engine with [EngineConfig#defaults()]}
    static Engine create() {
        return create(EngineConfig.defaults());
    }

    /// An engine with a configuration made in code.
    ///
    /// @param config for this engine; another one can be made with it too
    /// @return the engine, with its pools open
    /// @throws ConfigException if what it says of [EngineConfig#management()] can't be had, such as a port that
    ///     is taken
    static Engine create(EngineConfig config) {
        return new DefaultEngine(config);
    }

    /// {@return the configuration in effect: the one this engine was made with, or the last one from its file that
    /// was applied}
    EngineConfig config();

    /// Reads the file again and applies what changed, or refuses it: see [Engine]. Waits for another reload that is
    /// under way, and for no task. Heeds no interrupt.
    ///
    /// @return what changed, or why nothing did
    /// @throws IllegalStateException if the engine was not made from a file
    AuditEntry reload();

    /// The changes of the configuration, and those made over HTTP, since the engine was made, applied and
    /// refused ones. What the file said is told once, not each time somebody looked at it; what was asked for
    /// by hand is told each time.
    ///
    /// @return a snapshot of the last 1,000, the oldest first
    List<AuditEntry> audit();

    /// The pools of this engine, to say which of them feed others, to be told of those that come and go, or to add
    /// some: it owns them all. Who destroys a pool that the file has keeps the file's next changes from being
    /// applied.
    ///
    /// A listener of the registry is told of a pool that the file brings while that change is being applied: one
    /// that waits for another change waits for ever.
    ///
    /// @return always the same one
    PoolRegistry registry();

    /// {@return what looks at the pools, every [EngineConfig#monitor()]; another one after that has changed}
    PoolMonitor monitor();

    /// {@return the alarms of [EngineConfig#alarms()], which are none unless it has some; another one after they,
    /// the webhook or the monitor have changed}
    Alarms alarms();

    /// {@return what scales the pools of [EngineConfig#scaling()]; the application may add pools of its own}
    Autoscaler autoscaler();

    /// {@return the tasks that ended in pools that the engine opened; empty unless [EngineConfig#tracker()] wants
    /// them to be remembered}
    Optional<TaskTracker> tracker();

    /// {@return the address of the HTTP API, such as `http://127.0.0.1:8080`; empty unless
    /// [EngineConfig#management()] wants one}
    Optional<URI> management();

    /// {@return the default pool}
    Pool pool();

    /// The pool of this name: [EngineConfig#DEFAULT_POOL], a name from the configuration, or the name of a
    /// function pool.
    ///
    /// @param name as in the file, or as given to [#functionPool]
    /// @return the pool, which may be closed
    /// @throws IllegalArgumentException if there is none; names those there are
    Pool pool(String name);

    /// Opens a pool that applies one function to many arguments, with the settings of the default pool but this
    /// capacity. (A capacity that can't be preallocated isn't.) The engine owns it and closes it with the
    /// others; its name stays taken even if it is closed before.
    ///
    /// @param <T> the type of the arguments
    /// @param name names the pool; not blank, and not the name of another pool of this engine
    /// @param capacity the most calls at once: at least 1, or [Pool#UNBOUNDED]
    /// @param function called on a worker for each argument
    /// @return the function pool
    /// @throws IllegalArgumentException if the name is blank or taken, the capacity is neither, or the function
    ///     is null
    /// @throws IllegalStateException if the engine is closed
    <T> FunctionPool<T> functionPool(String name, int capacity, TaskFunction<? super T> function);

    /// Opens a pool that applies one function to many arguments, with settings of its own. The engine owns it
    /// and closes it with the others; its name stays taken even if it is closed before.
    ///
    /// @param <T> the type of the arguments
    /// @param config of the pool, which must not have the name of another pool of this engine
    /// @param function called on a worker for each argument
    /// @return the function pool
    /// @throws IllegalArgumentException if the name is taken, or the function is null
    /// @throws IllegalStateException if the engine is closed
    <T> FunctionPool<T> functionPool(PoolConfig config, TaskFunction<? super T> function);

    /// Waits until the process gets SIGTERM or SIGINT or someone closes the engine, then closes it as [#close()]
    /// does. Returns at once if it is closed already, with the report of then.
    ///
    /// While it waits and closes, the two signals belong to the engine: the first one starts the close, another
    /// one cuts it short, as if the grace had passed. Then the handlers that were there before are put back, so
    /// the process lives on and ends as the application wants. Where the JVM leaves signals alone (`-Xrs`), only
    /// `close()` ends the wait, and a warning says so. A signal that the process was started to ignore, as
    /// SIGINT by `nohup` or in the background of a script, stays ignored. Several engines may run at once; a
    /// signal stops them all. In the same way SIGHUP makes engines that were made from a file [reload][#reload()]
    /// it.
    ///
    /// An interrupt of the calling thread does what a signal does; the interrupt status is set when this
    /// returns.
    ///
    /// The last thing it does is to log the books of the pools that it had when it closed, at INFO: what was
    /// submitted to them since they were opened, and what became of it. Pools that were removed before aren't in
    /// it.
    ///
    /// @return what became of the tasks that were there when it closed
    RegistryReport run();

    /// Refuses new tasks in all pools, waits at most [EngineConfig#grace()] for the accepted ones to end, then
    /// interrupts those that run and cancels those that never started, as [Pool#close(java.time.Duration)] does,
    /// in all pools at once. Returns when every pool is closed; whoever calls while another thread closes waits
    /// for that. No effect if the engine is closed. What didn't end by itself is logged as a warning.
    ///
    /// If the calling thread is interrupted when it calls or while it waits, the grace is over for all pools,
    /// and the interrupt status is set when this returns.
    @Override
    void close();
}
