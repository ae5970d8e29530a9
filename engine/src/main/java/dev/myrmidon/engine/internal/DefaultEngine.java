package dev.myrmidon.engine.internal;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.TaskFunction;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.config.ConfigFile;
import dev.myrmidon.engine.internal.http.ManagedEngine;
import dev.myrmidon.engine.internal.http.ManagementServer;
import dev.myrmidon.manage.Autoscaler;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryReport;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.TaskTracker;
import dev.myrmidon.manage.alarm.Alarms;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The one kind of engine there is: its pools are those of a registry, which also closes them.
public final class DefaultEngine implements Engine {
    private final PoolRegistry registry = new PoolRegistry();
    private final LiveConfig live;
    private final Pool defaultPool;
    /// Null if there is no file.
    private final @Nullable Reloader reloader;
    /// Null if nobody watches the file.
    private final @Nullable FileWatcher watcher;
    /// Where others see and steer the pools.
    private final Optional<ManagementServer> server;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Runnable onStop = this::stopSignalled;
    private final Runnable onHangup = this::hangupSignalled;

    /// Opens the pools of a configuration that is no file.
    public DefaultEngine(EngineConfig config) {
        server = config.management().map(management -> ManagementServer.bind(management, ""));
        live = open(config);
        defaultPool = registry.get(EngineConfig.DEFAULT_POOL);
        reloader = null;
        watcher = null;
        server.ifPresent(own -> own.start(new Steered()));
    }

    /// Opens the pools of a file.
    ///
    /// @param watch true to apply what changes in it
    public DefaultEngine(Path file, boolean watch) {
        this(file, watch, FileWatcher.POLL);
    }

    /// @param poll how often to look at the file where the system doesn't tell
    DefaultEngine(Path file, boolean watch, Duration poll) {
        // Before it is read: what changes while it is read must be noticed. A pipe can be read but once.
        FileWatcher watching = watch && Files.isRegularFile(file) ? new FileWatcher(file, poll) : null;
        try {
            EngineConfig config = ConfigFile.read(file).config();
            server = config.management().map(management -> ManagementServer.bind(management, file + ": "));
            live = open(config);
        } catch (Throwable failure) {
            if (watching != null) {
                watching.close();
            }
            throw failure;
        }
        defaultPool = registry.get(EngineConfig.DEFAULT_POOL);
        Reloader reloads = new Reloader(file, live);
        reloader = reloads;
        watcher = watching;
        if (watching != null) {
            live.onDrained(reloads::poolEnded);
            watching.start(reloads::reloadIfNew);
        }
        server.ifPresent(own -> own.start(new Steered()));
    }

    /// Opens the pools, after the server has its port: if something fails, nothing has happened.
    private LiveConfig open(EngineConfig config) {
        try {
            return new LiveConfig(registry, config, server.map(ManagementServer::watcher));
        } catch (Throwable failure) {
            server.ifPresent(ManagementServer::close);
            throw failure;
        }
    }

    /// This engine, to those who ask over HTTP.
    private final class Steered implements ManagedEngine {
        @Override
        public Engine engine() {
            return DefaultEngine.this;
        }

        @Override
        public boolean isReady() {
            return !closing.get();
        }

        @Override
        public Optional<AuditEntry> reload(String client) {
            return Optional.ofNullable(reloader).map(own -> DefaultEngine.this.reload(own, Asker.http(client)));
        }

        @Override
        public Optional<AuditEntry> preview(String client) {
            // A pipe can be read but once, and may keep a reader waiting.
            return Optional.ofNullable(reloader)
                    .filter(own -> Files.notExists(own.file()) || Files.isRegularFile(own.file()))
                    .map(own -> own.preview(Asker.http(client)));
        }

        @Override
        public Optional<Path> file() {
            return Optional.ofNullable(reloader).map(Reloader::file);
        }

        @Override
        public void scale(String pool, Optional<ScalingConfig> scaling) {
            live.supervision().scale(pool, scaling);
        }

        @Override
        public void account(String client, List<String> changes, List<String> refusals) {
            live.account(Asker.http(client).entry(changes, refusals));
        }
    }

    @Override
    public EngineConfig config() {
        return live.config();
    }

    @Override
    public AuditEntry reload() {
        if (reloader == null) {
            throw new IllegalStateException("the engine has no file to reload");
        }
        return reload(reloader, Asker.of(AuditEntry.Source.RELOAD));
    }

    /// Reads again what the engine was made from: its file, and the certificate of its API, which is accounted
    /// for by itself.
    private AuditEntry reload(Reloader own, Asker asker) {
        AuditEntry entry = own.reload(asker);
        if (server.isPresent() && !closing.get()) {
            try {
                server.get().renew().ifPresent(what -> live.account(asker.entry(List.of(what), List.of())));
            } catch (IOException e) {
                live.refuse(asker, List.of(String.valueOf(e.getMessage())));
            }
        }
        return entry;
    }

    @Override
    public List<AuditEntry> audit() {
        return live.audit();
    }

    @Override
    public PoolRegistry registry() {
        return registry;
    }

    @Override
    public PoolMonitor monitor() {
        return live.supervision().monitor();
    }

    @Override
    public Alarms alarms() {
        return live.supervision().alarms();
    }

    @Override
    public Autoscaler autoscaler() {
        return live.supervision().autoscaler();
    }

    @Override
    public Optional<TaskTracker> tracker() {
        return live.tracker();
    }

    @Override
    public Optional<URI> management() {
        return server.map(ManagementServer::address);
    }

    /// {@return where the API is and what opens it, on one line; empty if there is none}
    public Optional<String> invitation() {
        return server.map(own -> "console at " + own.address()
                + (own.readsNeedToken() ? ", the API needs" : ", writes need") + " the token " + own.tokenOrigin());
    }

    /// {@return how many clients listen to events}
    public int listeners() {
        return server.map(ManagementServer::listeners).orElse(0);
    }

    @Override
    public Pool pool() {
        return defaultPool;
    }

    @Override
    public Pool pool(String name) {
        return registry.get(name);
    }

    @Override
    public <T> FunctionPool<T> functionPool(String name, int capacity, TaskFunction<? super T> function) {
        boolean canPreallocate = capacity >= 1 && capacity <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
        PoolConfig settings = config().pool();
        return functionPool(
                settings.toBuilder()
                        .name(name)
                        .capacity(capacity)
                        .preallocate(settings.preallocate() && canPreallocate)
                        .config(),
                function);
    }

    @Override
    public <T> FunctionPool<T> functionPool(PoolConfig own, TaskFunction<? super T> function) {
        return registry.create(live.tracked(own), function);
    }

    @Override
    public RegistryReport run() {
        RegistryReport report = run(() -> {});
        Books books = books();
        System.getLogger(Engine.class.getName())
                .log(books.missing() == 0 ? System.Logger.Level.INFO : System.Logger.Level.WARNING, "ended: " + books);
        return report;
    }

    /// {@return what became of everything that was submitted to the pools that there are}
    public Books books() {
        return Books.of(registry.pools());
    }

    /// [#run()], for callers that want to know when signals are listened to.
    ///
    /// @param whenReady called once in this thread when a signal would be heard
    public RegistryReport run(Runnable whenReady) {
        SharedSignals.STOP.add(onStop);
        if (reloader != null) {
            SharedSignals.RELOAD.add(onHangup);
        }
        try {
            whenReady.run();
            boolean interrupted = false;
            try {
                stop.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            closing.set(true);
            RegistryReport report = closePools();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return report;
        } finally {
            if (reloader != null) {
                SharedSignals.RELOAD.remove(onHangup);
            }
            SharedSignals.STOP.remove(onStop);
        }
    }

    @Override
    public void close() {
        boolean first = !closing.getAndSet(true);
        RegistryReport report = closePools();
        if (first && !report.clean()) {
            // Asked for only here: what stands behind a logger takes longer to start than the engine itself.
            System.Logger log = System.getLogger(Engine.class.getName());
            report.pools().stream()
                    .filter(pool -> !pool.clean())
                    .forEach(pool -> log.log(
                            System.Logger.Level.WARNING,
                            "closed before every task had ended: " + DrainedPool.line(pool)));
        }
    }

    /// Wakes up run(), which then waits for the same close.
    private RegistryReport closePools() {
        live.close();
        if (watcher != null) {
            watcher.close();
        }
        stop.countDown();
        try {
            return registry.close(config().grace());
        } finally {
            live.supervision().close();
            server.ifPresent(ManagementServer::close);
        }
    }

    /// The first signal asks for the end, the next one for a quick one.
    private void stopSignalled() {
        if (signalled.getAndSet(true)) {
            registry.cutShort();
        } else {
            stop.countDown();
        }
    }

    private void hangupSignalled() {
        if (reloader != null) {
            reload(reloader, Asker.of(AuditEntry.Source.SIGHUP));
        }
    }
}
