package dev.myrmidon.engine.internal;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.config.ConfigDiff;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.TaskTracker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The configuration in effect, its way into running pools, and the account of that. Thread-safe.
///
/// Between two changes each pool of the configuration is in the registry. A change first does what can fail, and
/// undoes it if it does: opens and reconfigures pools. What can't fail comes last: the new configuration is in
/// effect, and the pools that it doesn't have begin to end.
final class LiveConfig {
    /// The end of a refusal that is worth another try when a pool has ended.
    static final String NOT_ENDED = "a pool that was removed and has not ended";

    private final PoolRegistry registry;
    private final Optional<TaskTracker> tracker;
    private final Supervision supervision;
    private final Audit audit = new Audit();
    private final Optional<EngineWatcher> watcher;
    /// Held while one change is made.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile EngineConfig config;
    private volatile boolean closed;
    private volatile Runnable onDrained = () -> {};
    /// The names of pools that were removed and have not ended.
    private final Set<String> draining = ConcurrentHashMap.newKeySet();

    private final Object ends = new Object();
    /// How many that were removed have ended, or could not be closed. Guarded by ends.
    private long ended;
    /// How many of those that drain wait for another one. Guarded by ends.
    private int waiting;

    /// Opens the pools.
    ///
    /// @param watcher told of what happens
    LiveConfig(PoolRegistry registry, EngineConfig config, Optional<EngineWatcher> watcher) {
        this.registry = registry;
        this.config = config;
        this.watcher = watcher;
        this.tracker = config.tracker().map(own -> new TaskTracker(own, registry::pools));
        open(config.pool());
        config.pools().values().forEach(this::open);
        // Begun after the pools, so that the monitor's first look has a sample of each.
        this.supervision = new Supervision(registry, config, watcher);
        try {
            supervision.scale(Map.of(), config.scaling());
        } catch (Throwable failure) {
            supervision.close();
            throw failure;
        }
    }

    private void open(PoolConfig pool) {
        registry.create(tracked(pool));
    }

    /// A pool's configuration, with what the tracker needs to know of its tasks.
    PoolConfig tracked(PoolConfig pool) {
        return tracker.map(listener -> pool.toBuilder().listener(listener).config())
                .orElse(pool);
    }

    Optional<TaskTracker> tracker() {
        return tracker;
    }

    Supervision supervision() {
        return supervision;
    }

    EngineConfig config() {
        return config;
    }

    List<AuditEntry> audit() {
        return audit.entries();
    }

    /// Has this called from now on when a pool that was removed has ended and its name is free.
    void onDrained(Runnable action) {
        onDrained = action;
    }

    /// Refuses every change from now on. Doesn't wait for one that is being made.
    void close() {
        closed = true;
        supervision.beforeClose();
    }

    /// Lets another configuration hold, or changes nothing. What somebody else changed in a pool stays, unless the
    /// configuration so far and the next one differ in it.
    AuditEntry change(Asker asker, EngineConfig next) {
        changing.lock();
        try {
            ConfigDiff diff = ConfigDiff.between(config, next);
            List<String> refusals = refusals(diff);
            if (refusals.isEmpty()) {
                apply(diff, next, refusals);
            }
            return account(asker.entry(diff.changes(), refusals));
        } finally {
            changing.unlock();
        }
    }

    /// What [#change] would do and say now.
    AuditEntry preview(Asker asker, EngineConfig next) {
        changing.lock();
        try {
            ConfigDiff diff = ConfigDiff.between(config, next);
            return asker.entry(diff.changes(), refusals(diff));
        } finally {
            changing.unlock();
        }
    }

    /// Keeps account of a change that makes no sense in itself.
    AuditEntry refuse(Asker asker, List<String> mistakes) {
        return account(asker.entry(List.of(), mistakes));
    }

    /// Keeps account of a change.
    AuditEntry account(AuditEntry entry) {
        audit.add(entry);
        System.getLogger(Engine.class.getName())
                .log(
                        entry.applied() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                        "configuration from " + entry);
        watcher.ifPresent(own -> own.onAudit(entry));
        return entry;
    }

    /// What is known to stand against a change.
    private List<String> refusals(ConfigDiff diff) {
        List<String> refusals = new ArrayList<>();
        if (closed) {
            refusals.add("the engine is closed");
            return refusals;
        }
        diff.needRestart().forEach(change -> refusals.add(change + " needs a restart"));
        for (String name : diff.added()) {
            if (registry.find(name).isPresent()) {
                refusals.add(name + ": the name is taken by "
                        + (draining.contains(name) ? NOT_ENDED : "a pool that isn't from the file"));
            }
        }
        return refusals;
    }

    private void apply(ConfigDiff diff, EngineConfig next, List<String> refusals) {
        EngineConfig before = config;
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            reconfigure(before.pool(), next.pool(), undo);
            next.pools().forEach((name, after) -> {
                PoolConfig was = before.pools().get(name);
                if (was == null) {
                    open(after);
                    undo.addFirst(() -> registry.destroy(name, Duration.ZERO));
                } else {
                    reconfigure(was, after, undo);
                }
            });
            supervision.scale(before.scaling(), next.scaling());
        } catch (RuntimeException | OutOfMemoryError failure) { // such as no room for what is to be preallocated
            undo.forEach(Runnable::run);
            refusals.add(failure instanceof Error ? failure.toString() : String.valueOf(failure.getMessage()));
            return;
        }
        config = next;
        try {
            supervision.follow(before, next);
        } catch (RuntimeException | Error failure) { // such as no file descriptor for a webhook
            System.getLogger(Engine.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "the new monitor, alarms or export of metrics could not be started",
                            failure);
        }
        draining.addAll(diff.removed()); // all of them first, since one may have to wait for another
        diff.removed().forEach(this::drain);
    }

    private void reconfigure(PoolConfig before, PoolConfig after, Deque<Runnable> undo) {
        if (before.equals(after)) {
            return;
        }
        Pool pool = registry.get(after.name());
        PoolConfig running = pool.config();
        pool.reconfigure(changed(running, before, after));
        undo.addFirst(() -> pool.reconfigure(running));
    }

    /// What runs, with what differs between the two others.
    private static PoolConfig changed(PoolConfig running, PoolConfig before, PoolConfig after) {
        int capacity = before.capacity() == after.capacity() ? running.capacity() : after.capacity();
        boolean canPreallocate = capacity != Pool.UNBOUNDED && capacity <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
        PoolBuilder changed = running.toBuilder().capacity(capacity).preallocate(after.preallocate() && canPreallocate);
        if (before.queueCapacity() != after.queueCapacity()) {
            changed.queueCapacity(after.queueCapacity());
        }
        if (before.maxBlockingTasks() != after.maxBlockingTasks()) {
            changed.maxBlockingTasks(after.maxBlockingTasks());
        }
        if (!before.whenSaturated().equals(after.whenSaturated())) {
            changed.whenSaturated(after.whenSaturated());
        }
        if (!before.expiry().equals(after.expiry())) {
            changed.expiry(after.expiry());
        }
        if (!before.taskTimeout().equals(after.taskTimeout())) {
            changed.taskTimeout(after.taskTimeout());
        }
        if (!before.startWithin().equals(after.startWithin())) {
            changed.startWithin(after.startWithin());
        }
        return changed.config();
    }

    /// Lets a pool end in the background, within the grace.
    private void drain(String name) {
        long deadline = System.nanoTime() + config.grace().toNanos();
        // A platform thread: tasks that don't let go of their carriers must not keep the deadline from coming.
        Thread.ofPlatform().name("close-" + name).daemon().start(() -> {
            System.Logger log = System.getLogger(Engine.class.getName());
            try {
                CloseReport report = destroy(name, deadline);
                log.log(
                        report.clean() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                        "drained " + DrainedPool.line(report));
            } catch (RuntimeException | InterruptedException e) { // nobody interrupts it
                log.log(System.Logger.Level.WARNING, "the pool " + name + " was removed and could not be closed", e);
            } finally {
                noteEnd(name);
                onDrained.run();
            }
        });
    }

    /// Closes a pool. What feeds it comes first, and may have been removed with it.
    private CloseReport destroy(String name, long deadline) throws InterruptedException {
        while (true) {
            long endedBefore = ended();
            try {
                return registry.destroy(name, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (IllegalStateException isFed) {
                if (!awaitAnotherEnd(endedBefore)) {
                    throw isFed;
                }
            }
        }
    }

    private long ended() {
        synchronized (ends) {
            return ended;
        }
    }

    private void noteEnd(String name) {
        synchronized (ends) {
            draining.remove(name);
            ended++;
            ends.notifyAll();
        }
    }

    /// Waits until there have been more ends than these.
    ///
    /// @return false if there will be none: all that drain wait
    private boolean awaitAnotherEnd(long endedBefore) throws InterruptedException {
        synchronized (ends) {
            waiting++;
            ends.notifyAll();
            try {
                while (ended == endedBefore && waiting < draining.size()) {
                    ends.wait();
                }
                return ended != endedBefore;
            } finally {
                waiting--;
            }
        }
    }
}
