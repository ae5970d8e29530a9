package dev.myrmidon.manage;

import dev.myrmidon.CloseReport;
import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.TaskFunction;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Pools by name, which live and end together: each has a name of its own, and one close ends them all, in
/// parallel, under one deadline, each after those that feed it.
///
/// ```java
/// try (PoolRegistry pools = new PoolRegistry()) {
///     Pool parse = pools.create(Pool.builder("parse").capacity(8).config());
///     Pool store = pools.create(Pool.builder("store").capacity(50).config());
///     pools.feeds("parse", "store"); // tasks of parse submit to store, so store closes after it
///     ...
///     RegistryReport report = pools.close(Duration.ofSeconds(30));
/// }
/// ```
///
/// The registry owns its pools. Somebody may close one directly nevertheless: it stays in the registry, under its
/// name and terminated, until it is destroyed.
///
/// A registry is thread-safe. Reading is not slowed down by whoever creates or destroys. Once closed it stays so;
/// its pools can still be found then.
public final class PoolRegistry implements AutoCloseable {
    /// Nobody reads more names than these in a message.
    private static final int MOST_NAMES = 20;

    private final Object lock = new Object();
    /// By name. Changed under lock only.
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    /// Changed under lock only.
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    /// How many there have been. Guarded by lock.
    private long created;
    /// Null until somebody closes the registry. Guarded by lock; once set it stays.
    private @Nullable ParallelClose closing;
    /// Guarded by lock.
    private boolean cutShort;

    /// An empty registry. Starts no thread before it is closed.
    public PoolRegistry() {}

    /// Opens a pool.
    ///
    /// @param config of the pool, with a name that no other pool here has
    /// @return the open pool; destroy it, or close the registry
    /// @throws IllegalArgumentException if the name is taken, by a closed pool too; names those that are taken
    /// @throws IllegalStateException if the registry is closed
    public Pool create(PoolConfig config) {
        Pool pool;
        synchronized (lock) {
            requireFree(config.name());
            pool = enter(Pool.open(config));
        }
        tellSubscribers();
        return pool;
    }

    /// Opens a pool that applies one function to many arguments.
    ///
    /// @param <T> the type of the arguments
    /// @param config of the pool, with a name that no other pool here has
    /// @param function what is done with each argument
    /// @return the function pool; destroy it by its name, or close the registry
    /// @throws IllegalArgumentException if the name is taken, by a closed pool too, or the function is null
    /// @throws IllegalStateException if the registry is closed
    public <T> FunctionPool<T> create(PoolConfig config, TaskFunction<? super T> function) {
        FunctionPool<T> functionPool;
        synchronized (lock) {
            requireFree(config.name());
            functionPool = FunctionPool.of(config, function);
            enter(functionPool.pool());
        }
        tellSubscribers();
        return functionPool;
    }

    /// Takes over a pool that was opened elsewhere. From now on the registry owns it.
    ///
    /// @param pool whose name no other pool here has
    /// @throws IllegalArgumentException if the name is taken, by a closed pool or this one too; the pool stays the
    ///     caller's
    /// @throws IllegalStateException if the registry is closed; the pool stays the caller's
    public void add(Pool pool) {
        synchronized (lock) {
            requireFree(pool.config().name());
            enter(pool);
        }
        tellSubscribers();
    }

    /// The pool of this name, opened now if there is none. However many threads ask at once, one pool is opened.
    ///
    /// @param config what to open the pool with. One that is there already stays as it is, and may have other
    ///     settings
    /// @return the pool
    /// @throws IllegalStateException if the pool is shut down, as while it is destroyed, or after its user closed
    ///     it; or there is none and the registry is closed
    public Pool getOrCreate(PoolConfig config) {
        String name = config.name();
        Member found = members.get(name);
        if (found != null) {
            return open(found);
        }
        Pool pool;
        synchronized (lock) {
            found = members.get(name);
            if (found != null) {
                return open(found);
            }
            requireFree(name);
            pool = enter(Pool.open(config));
        }
        tellSubscribers();
        return pool;
    }

    /// The pool of this name.
    ///
    /// @param name of the pool
    /// @return the pool, which may be closed
    /// @throws IllegalArgumentException if there is none; names those there are
    public Pool get(String name) {
        return member(name).pool;
    }

    /// The pool of this name, if there is one.
    ///
    /// @param name of the pool
    /// @return the pool, which may be closed
    public Optional<Pool> find(String name) {
        return Optional.ofNullable(members.get(name)).map(member -> member.pool);
    }

    /// All pools, closed ones too.
    ///
    /// @return a snapshot, in the order in which they came
    public List<Pool> pools() {
        return inOrder().stream().map(member -> member.pool).toList();
    }

    /// Says that tasks of one pool submit into another, so that the other closes after it. Says so for these two
    /// pools, not for successors of the same names. No effect if that has been said before.
    ///
    /// @param feeder the name of the pool whose tasks submit
    /// @param fed the name of the pool they submit into
    /// @throws IllegalArgumentException if there is no pool of one of the names, or it would make a cycle; shows
    ///     the cycle
    public void feeds(String feeder, String fed) {
        synchronized (lock) {
            Member from = member(feeder);
            Member to = member(fed);
            List<Member> back = to.wayTo(from);
            if (!back.isEmpty()) {
                throw new IllegalArgumentException("feeds must not make a cycle, was " + feeder + " → "
                        + back.stream().map(Member::name).collect(Collectors.joining(" → ")));
            }
            from.feeds.add(to);
            to.fedBy.add(from);
        }
    }

    /// Closes one pool, as [Pool#close(Duration)] does, and lets go of it. Its name is taken until this
    /// returns, and free afterwards, even if tasks that ignore their interrupt still run in the old pool.
    /// If two destroy a pool at the same time, both wait for its end, each with its own patience.
    ///
    /// @param name of the pool
    /// @param patience how long its tasks may take; zero interrupts at once
    /// @return what became of the tasks
    /// @throws IllegalArgumentException if there is no pool of this name, or the patience is negative
    /// @throws IllegalStateException if a pool that feeds it has not ended, or it is called from a task of the
    /// pool,
    ///     which would wait for itself; the pool goes on
    public CloseReport destroy(String name, Duration patience) {
        requirePatience(patience);
        Member member;
        synchronized (lock) {
            member = member(name);
            List<String> feeders = member.fedBy.stream()
                    .filter(feeder -> !feeder.pool.isTerminated())
                    .map(Member::name)
                    .toList();
            if (!feeders.isEmpty()) {
                throw new IllegalStateException(
                        name + " can't be destroyed before what feeds it: " + String.join(", ", feeders));
            }
        }
        CloseReport report = member.pool.close(patience);
        synchronized (lock) {
            members.remove(name, member);
            member.unlink();
            leave(member);
        }
        tellSubscribers();
        return report;
    }

    /// Tells a listener of every pool there is, and from now on of each that comes or goes. A listener that
    /// is added twice is told twice.
    ///
    /// @param listener to be told
    public void addListener(RegistryListener listener) {
        Subscriber subscriber = new Subscriber(listener);
        synchronized (lock) {
            inOrder().stream().filter(member -> !member.gone).forEach(member -> subscriber.putCreated(member.pool));
            subscribers.add(subscriber);
        }
        subscriber.tell();
    }

    /// Tells a listener nothing more. It isn't told that pools go which are still there. Nothing that it is being
    /// told at this moment is waited for. No effect if it isn't a listener.
    ///
    /// @param listener as it was added
    public void removeListener(RegistryListener listener) {
        synchronized (lock) {
            for (Subscriber subscriber : subscribers) {
                if (subscriber.listener.equals(listener)) {
                    subscriber.silence();
                    subscribers.remove(subscriber);
                    return;
                }
            }
        }
    }

    /// Closes all pools: each refuses new tasks as soon as all pools that feed it have ended, waits for the
    /// accepted ones, and at the deadline, which is one for all, interrupts and drops what is left, as
    /// [Pool#close(Duration)] does. What a pool waits for whose feeders have not ended at the deadline is
    /// cut short together with them. No pool is created from now on.
    ///
    /// Whoever calls while another thread closes, or afterwards, waits for that close and gets the same report; the
    /// deadline of the first one holds. Pools that are destroyed meanwhile are in the report.
    ///
    /// If the calling thread is interrupted when it calls or while it waits, the deadline is now, for all
    /// pools, and the interrupt status is set when this returns. It belongs outside: a task of one of the
    /// pools that calls this waits for itself until the deadline.
    ///
    /// @param patience how long the tasks of all pools together may take; zero interrupts at once
    /// @return what became of the tasks, one report for each pool
    /// @throws IllegalArgumentException if the patience is negative
    public RegistryReport close(Duration patience) {
        requirePatience(patience);
        List<Member> closed;
        ParallelClose close;
        boolean first;
        synchronized (lock) {
            first = closing == null;
            closed = inOrder();
            if (closing == null) {
                closing = new ParallelClose(closed, cutShort ? Duration.ZERO : patience);
            }
            close = closing;
        }
        if (first) {
            close.start();
        }
        RegistryReport report = close.await();
        synchronized (lock) {
            closed.forEach(this::leave);
        }
        tellSubscribers();
        return report;
    }

    /// Closes all pools as [#close(Duration)] does, and waits for their tasks however long they take.
    @Override
    public void close() {
        close(Pool.NEVER);
    }

    /// Ends the patience of whoever closes the registry now or later: what runs is interrupted at once.
    /// Doesn't wait. Has no effect on [#destroy].
    public void cutShort() {
        ParallelClose close;
        synchronized (lock) {
            cutShort = true;
            close = closing;
        }
        if (close != null) {
            close.cutShort();
        }
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no pool has the name \"" + name + "\"; there are: " + names());
        }
        return member;
    }

    private static Pool open(Member member) {
        if (member.pool.isShutdown()) {
            throw new IllegalStateException("the pool \"" + member.name() + "\" is "
                    + member.pool.stats().state() + ": until it is destroyed there can't be another one");
        }
        return member.pool;
    }

    private void requireFree(String name) {
        if (closing != null) {
            throw new IllegalStateException("the pools are closed: no pool \"" + name + "\" can be added");
        }
        if (members.containsKey(name)) {
            throw new IllegalArgumentException(
                    "name must not be that of another pool, was \"" + name + "\"; taken are: " + names());
        }
    }

    private Pool enter(Pool pool) {
        members.put(pool.config().name(), new Member(pool, created++));
        subscribers.forEach(subscriber -> subscriber.putCreated(pool));
        return pool;
    }

    private void leave(Member member) {
        if (!member.gone) {
            member.gone = true;
            subscribers.forEach(subscriber -> subscriber.putDestroyed(member.pool));
        }
    }

    private void tellSubscribers() {
        subscribers.forEach(Subscriber::tell);
    }

    private List<Member> inOrder() {
        return members.values().stream()
                .sorted(Comparator.comparingLong(member -> member.number))
                .toList();
    }

    private String names() {
        List<Member> all = inOrder();
        String first = all.stream().limit(MOST_NAMES).map(Member::name).collect(Collectors.joining(", "));
        return all.isEmpty()
                ? "none"
                : first + (all.size() > MOST_NAMES ? ", and " + (all.size() - MOST_NAMES) + " more" : "");
    }

    private static void requirePatience(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative, was " + patience);
        }
    }
}
