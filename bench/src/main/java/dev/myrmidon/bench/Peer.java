package dev.myrmidon.bench;

import dev.myrmidon.Pool;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The executors that take part, by the names of the command line.
enum Peer {
    /// The pool of this project.
    MYRMIDON {
        @Override
        Submission open(Workload workload) {
            Pool pool = Pool.builder("bench").capacity(workload.capacity()).build();
            return pool::execute;
        }
    },
    /// A semaphore acquired by the submitter, and a virtual thread for each task.
    SEMAPHORE_OUTSIDE {
        @Override
        Submission open(Workload workload) {
            return acquiredOutside(new Semaphore(workload.capacity()));
        }
    },
    /// The same with a fair semaphore: first come, first served.
    SEMAPHORE_OUTSIDE_FAIR {
        @Override
        Submission open(Workload workload) {
            return acquiredOutside(new Semaphore(workload.capacity(), true));
        }
    },
    /// No executor at all: loops of work, on as many threads as are of use.
    LIMIT {
        @Override
        Submission open(Workload workload) {
            throw new IllegalArgumentException(this + " submits nothing");
        }
    };

    /// Opens the executor.
    abstract Submission open(Workload workload);

    /// Why a workload can't end within its time on this peer, or null if it might.
    @Nullable
    String hopeless(Workload workload) {
        if (workload.work().kind() != Work.Kind.SLEEP) {
            return null;
        }
        long atOnce = atOnce(workload);
        long tasks = (long) workload.warmUp() + workload.tasks();
        double seconds = Math.ceilDiv(tasks, atOnce) * (workload.work().nanos() / 1e9);
        return seconds <= workload.limitSeconds()
                ? null
                : "not run: " + tasks + " tasks that sleep, " + atOnce + " at once, take " + Math.round(seconds)
                        + " s, and the limit is " + workload.limitSeconds() + " s";
    }

    /// The most tasks that it runs at once.
    long atOnce(Workload workload) {
        return workload.capacity();
    }

    /// Finds a peer by its name on the command line.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    static Peer named(String name) {
        return Arrays.stream(values())
                .filter(peer -> peer.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown executor \"" + name + "\""));
    }

    /// Its name on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Submission acquiredOutside(Semaphore semaphore) {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        return task -> {
            semaphore.acquire();
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    semaphore.release();
                }
            });
        };
    }
}
