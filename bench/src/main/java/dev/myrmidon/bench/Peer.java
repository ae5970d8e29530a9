package dev.myrmidon.bench;

import dev.myrmidon.PoolBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The executors that take part, by the names of the command line. How each is made is in [Submissions].
@SuppressWarnings("ImmutableEnumChecker") // the fields are functions without state
enum Peer {
    /// The pool of this project.
    MYRMIDON(Workload::capacity, workload -> Submissions.myrmidon(workload, pool -> pool)),
    /// The same, and it measures how long tasks wait and run.
    MYRMIDON_TIMED(Workload::capacity, workload -> Submissions.myrmidon(workload, pool -> pool.timed(true))),
    /// The same, timed, and a monitor looks at it every second, with a listener as an alarm would be.
    MYRMIDON_MONITORED(Workload::capacity, Submissions::myrmidonMonitored),
    /// The same, and a tracker is told of each task.
    MYRMIDON_TRACKED(
            Workload::capacity,
            workload -> Submissions.myrmidon(workload, pool -> pool.listener(Submissions.tracker()))),
    /// The same, with a timeout for every task.
    MYRMIDON_TIMEOUT(
            Workload::capacity,
            workload -> Submissions.myrmidon(workload, pool -> pool.taskTimeout(Duration.ofSeconds(30)))),
    /// The same, with a thread for every task.
    MYRMIDON_ISOLATED(Workload::capacity, workload -> Submissions.myrmidon(workload, PoolBuilder::isolated)),
    /// The same, by priority; tasks of ten levels.
    MYRMIDON_PRIORITY(Workload::capacity, workload -> Submissions.myrmidonByPriority(workload, 10)),
    /// The same, by priority; tasks of 100,000 levels.
    MYRMIDON_PRIORITIES(Workload::capacity, workload -> Submissions.myrmidonByPriority(workload, 100_000)),
    /// The same, by `submit`, which makes a future of each task.
    MYRMIDON_SUBMIT(Workload::capacity, Submissions::myrmidonSubmit),
    /// A semaphore acquired by the submitter, and a virtual thread and a future for each task.
    SEMAPHORE_SUBMIT(Workload::capacity, Submissions::semaphoreSubmit),
    /// A semaphore acquired by the submitter, and a virtual thread for each task.
    SEMAPHORE_OUTSIDE(Workload::capacity, workload -> Submissions.semaphoreOutside(workload, false)),
    /// The same with a fair semaphore: first come, first served.
    SEMAPHORE_OUTSIDE_FAIR(Workload::capacity, workload -> Submissions.semaphoreOutside(workload, true)),
    /// A virtual thread for each task, which acquires the semaphore itself: the submitter never waits.
    SEMAPHORE_INSIDE(Workload::capacity, Submissions::semaphoreInside),
    /// As many virtual threads as may run at once, and a queue in front of them.
    THREAD_POOL_VIRTUAL(Workload::capacity, Submissions::threadPoolVirtual),
    /// As many platform threads as cores, and a queue in front of them.
    THREAD_POOL_PLATFORM(_ -> cores(), Submissions::threadPoolPlatform),
    /// A virtual thread for each task and no bound at all, for reference.
    UNBOUNDED(_ -> Long.MAX_VALUE, _ -> Thread::startVirtualThread),
    /// Jetty's `VirtualThreadPool`: a semaphore acquired in the thread.
    JETTY(Workload::capacity, Submissions::jetty),
    /// Reactor's `boundedElastic` scheduler, on virtual threads: queues what it can't run.
    REACTOR(Workload::capacity, Submissions::reactor),
    /// A virtual thread for each task, which enters Resilience4j's bulkhead.
    RESILIENCE4J(Workload::capacity, Submissions::resilience4j),
    /// A `ForkJoinPool` of as many threads as cores: queues without bound.
    FORK_JOIN(_ -> cores(), Submissions::forkJoin),
    /// The pool's `map`, which returns results in order.
    MYRMIDON_MAP(Workload::capacity, Peer::submitsNothing),
    /// The JDK's `Gatherers.mapConcurrent`, which does too.
    MAP_CONCURRENT(Workload::capacity, Peer::submitsNothing),
    /// No executor at all: loops of work, on as many threads as are of use.
    LIMIT(Workload::capacity, Peer::submitsNothing);

    private final ToLongFunction<Workload> atOnce;
    private final Opener opener;

    Peer(ToLongFunction<Workload> atOnce, Opener opener) {
        this.atOnce = atOnce;
        this.opener = opener;
    }

    /// The one that all are compared with and those that run without being asked for; the others are it, or one
    /// of the rest, with something more.
    boolean isDefault() {
        return switch (this) {
            case MYRMIDON_MONITORED,
                    MYRMIDON_TRACKED,
                    MYRMIDON_TIMEOUT,
                    MYRMIDON_ISOLATED,
                    MYRMIDON_PRIORITY,
                    MYRMIDON_PRIORITIES,
                    MYRMIDON_SUBMIT,
                    SEMAPHORE_SUBMIT,
                    MYRMIDON_MAP,
                    MAP_CONCURRENT -> false;
            default -> true;
        };
    }

    /// Makes the executor.
    @FunctionalInterface
    interface Opener {
        /// May throw whatever the executor's own start throws.
        Submission open(Workload workload) throws Exception;
    }

    /// Whether tasks are submitted to it one by one, so that single submissions can be measured.
    boolean takesSubmissions() {
        return switch (this) {
            case MYRMIDON_MAP, MAP_CONCURRENT, LIMIT -> false;
            default -> true;
        };
    }

    /// Makes the executor.
    Submission open(Workload workload) throws Exception {
        return opener.open(workload);
    }

    /// Why a workload can't end within its time on this peer, or null if it might.
    @Nullable
    String hopeless(Workload workload) {
        if (workload.work().kind() != Work.Kind.SLEEP) {
            return null;
        }
        long together = atOnce.applyAsLong(workload);
        long tasks = (long) workload.warmUp() + workload.tasks();
        double seconds = Math.ceilDiv(tasks, together) * (workload.work().nanos() / 1e9);
        return seconds <= workload.limitSeconds()
                ? null
                : "not run: " + tasks + " tasks that sleep, " + together + " at once, take " + Math.round(seconds)
                        + " s, and the limit is " + workload.limitSeconds() + " s";
    }

    /// Finds a peer by its name on the command line.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    static Peer named(String name) {
        return Arrays.stream(values())
                .filter(peer -> peer.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown executor \"" + name + "\", there are " + Arrays.toString(values())));
    }

    /// Its name on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Submission submitsNothing(Workload workload) {
        throw new IllegalArgumentException("submits nothing");
    }

    private static long cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
