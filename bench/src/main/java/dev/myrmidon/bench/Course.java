package dev.myrmidon.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// How a number of tasks is brought to an executor.
@FunctionalInterface
interface Course {
    /// What a course returns that times nothing.
    long[][] NO_TIMES = {};

    /// Brings tasks, and returns when the executor has taken them all.
    ///
    /// @param tasks how many
    /// @param onReady called when all is prepared, just before the first task
    /// @return the times that were taken, in nanoseconds, by submitter
    long[][] run(int tasks, Runnable onReady) throws InterruptedException;

    /// The course that a workload asks for.
    ///
    /// @param ended counts the tasks that have ended
    static Course of(Peer peer, Workload workload, LongAdder ended) throws Exception {
        Runnable body = workload.work().body(workload.spinRounds());
        // Counted without a finally: no body throws.
        Runnable task = () -> {
            body.run();
            ended.increment();
        };
        return switch (peer) {
            case LIMIT -> loops(workload, task);
            case MYRMIDON_MAP -> batches(workload, task, Batches.myrmidon(workload));
            case MAP_CONCURRENT -> batches(workload, task, Batches.mapConcurrent(workload));
            default -> of(peer.open(workload), workload, task, ended);
        };
    }

    /// The course that a workload asks for, on any executor.
    static Course of(Submission submission, Workload workload, Runnable task, LongAdder ended) {
        Team team = new Team(workload.submitters(), workload.virtual());
        return switch (workload.measure()) {
            case THROUGHPUT -> throughput(team, submission, task);
            case WAIT -> waits(team, workload.submitters(), submission, task);
            case START -> starts(team, submission, ended);
        };
    }

    private static Course throughput(Team team, Submission submission, Runnable task) {
        return (tasks, onReady) -> {
            team.run(tasks, onReady, (_, count) -> {
                for (int i = 0; i < count; i++) {
                    submission.submit(task);
                }
            });
            return NO_TIMES;
        };
    }

    /// Times each submission. The clock is read twice for each, which costs some 50 ns.
    private static Course waits(Team team, int submitters, Submission submission, Runnable task) {
        return (tasks, onReady) -> {
            long[][] times = new long[submitters][];
            for (int i = 0; i < submitters; i++) {
                times[i] = new long[Team.share(i, submitters, tasks)];
            }
            team.run(tasks, onReady, (member, count) -> {
                long[] own = times[member];
                for (int i = 0; i < count; i++) {
                    long before = System.nanoTime();
                    submission.submit(task);
                    own[i] = System.nanoTime() - before;
                }
            });
            return times;
        };
    }

    /// Times each start, one task after the other; in between everything comes to rest.
    private static Course starts(Team team, Submission submission, LongAdder ended) {
        return (tasks, onReady) -> {
            long[][] times = new long[1][tasks];
            team.run(tasks, onReady, (_, count) -> {
                Probe probe = new Probe(Thread.currentThread(), ended);
                for (int i = 0; i < count; i++) {
                    times[0][i] = probe.timeOn(submission);
                }
            });
            return times;
        };
    }

    /// Each submitter has its share done as one batch, and gets its results in order.
    private static Course batches(Workload workload, Runnable task, Batches batches) {
        Team team = new Team(workload.submitters(), workload.virtual());
        return (tasks, onReady) -> {
            team.run(tasks, onReady, (_, count) -> {
                List<Integer> results = batches.run(count, task);
                if (count > 0 && (results.size() != count || results.getLast() != count - 1)) {
                    throw new IllegalStateException("got " + results.size() + " results of " + count);
                }
            });
            return NO_TIMES;
        };
    }

    /// No executor: loops on as many threads as there are cores, or, where the work sleeps, on as many
    /// virtual threads as may run at once.
    private static Course loops(Workload workload, Runnable task) {
        boolean sleeps = workload.work().kind() == Work.Kind.SLEEP;
        int cores = Runtime.getRuntime().availableProcessors();
        Team team = new Team(sleeps ? workload.capacity() : Math.min(cores, workload.capacity()), sleeps);
        return (tasks, onReady) -> {
            team.run(tasks, onReady, (_, count) -> {
                for (int i = 0; i < count; i++) {
                    task.run();
                }
            });
            return NO_TIMES;
        };
    }

    /// A task that notes when it starts.
    final class Probe implements Runnable {
        /// So long nothing happens between two tasks: executors let their threads sleep, and the system its
        /// cores.
        private static final Duration REST = Duration.ofNanos(100_000);

        private final Thread submitter;
        private final LongAdder ended;
        private long startedAt;
        /// Written after `startedAt`, and read before it.
        private volatile boolean started;

        Probe(Thread submitter, LongAdder ended) {
            this.submitter = submitter;
            this.ended = ended;
        }

        @Override
        public void run() {
            startedAt = System.nanoTime();
            started = true;
            ended.increment();
            LockSupport.unpark(submitter);
        }

        long timeOn(Submission submission) throws InterruptedException {
            started = false;
            long before = System.nanoTime();
            submission.submit(this);
            while (!started) {
                LockSupport.park(this);
            }
            long time = startedAt - before;
            Thread.sleep(REST);
            return time;
        }
    }
}
