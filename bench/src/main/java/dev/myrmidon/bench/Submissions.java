package dev.myrmidon.bench;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.TaskTracker;
import dev.myrmidon.manage.TrackerConfig;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Makes the executors, each as its users would. None is ever closed: their JVM ends with the measurement.
final class Submissions {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final Integer TASK_RESULT = 1;

    private Submissions() {}

    static Submission myrmidon(Workload workload, UnaryOperator<PoolBuilder> with) {
        Pool pool = pool(workload, with);
        return pool::execute;
    }

    static Submission myrmidonMonitored(Workload workload) {
        Pool pool = pool(workload, builder -> builder.timed(true));
        PoolMonitor monitor = PoolMonitor.start(() -> List.of(pool), MonitorConfig.every(Duration.ofSeconds(1)));
        monitor.addListener(sample -> {
            if (sample.failureRate() > 0.5) {
                throw new IllegalStateException("no task fails here: " + sample);
            }
        });
        return pool::execute;
    }

    static TaskTracker tracker() {
        return new TaskTracker(TrackerConfig.DEFAULT, List::of);
    }

    static Submission myrmidonByPriority(Workload workload, int levels) {
        Pool pool = pool(workload, builder -> builder.queueOrder(QueueOrder.priority()));
        TaskOptions[] options =
                IntStream.range(0, levels).mapToObj(TaskOptions.NONE::priority).toArray(TaskOptions[]::new);
        return task -> pool.execute(task, options[ThreadLocalRandom.current().nextInt(levels)]);
    }

    static Submission myrmidonSubmit(Workload workload) {
        Pool pool = pool(workload, builder -> builder);
        return task -> {
            var _ = pool.submit(task, TASK_RESULT);
        };
    }

    private static Pool pool(Workload workload, UnaryOperator<PoolBuilder> with) {
        return with.apply(Pool.builder("bench").capacity(workload.capacity())).build();
    }

    static Submission semaphoreSubmit(Workload workload) {
        Semaphore semaphore = new Semaphore(workload.capacity());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        return task -> {
            semaphore.acquire();
            var _ = executor.submit(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            semaphore.release();
                        }
                    },
                    TASK_RESULT);
        };
    }

    static Submission semaphoreOutside(Workload workload, boolean fair) {
        Semaphore semaphore = new Semaphore(workload.capacity(), fair);
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

    static Submission semaphoreInside(Workload workload) {
        Semaphore semaphore = new Semaphore(workload.capacity());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        return task -> executor.execute(() -> {
            semaphore.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                semaphore.release();
            }
        });
    }

    static Submission threadPoolVirtual(Workload workload) {
        return threadPool(workload.capacity(), Thread.ofVirtual().factory(), workload);
    }

    static Submission threadPoolPlatform(Workload workload) {
        return threadPool(CORES, Thread.ofPlatform().daemon().factory(), workload);
    }

    static Submission jetty(Workload workload) throws Exception {
        VirtualThreadPool pool = new VirtualThreadPool();
        pool.setMaxConcurrentTasks(workload.capacity());
        pool.start();
        return pool::execute;
    }

    /// Tasks that it can't run at once it queues without bound, since it has no way to let submitters wait.
    static Submission reactor(Workload workload) {
        System.setProperty("reactor.schedulers.defaultBoundedElasticOnVirtualThreads", "true");
        System.setProperty("reactor.schedulers.defaultBoundedElasticSize", Integer.toString(workload.capacity()));
        System.setProperty("reactor.schedulers.defaultBoundedElasticQueueSize", Integer.toString(Integer.MAX_VALUE));
        Scheduler scheduler = Schedulers.boundedElastic(); // reads these
        return scheduler::schedule;
    }

    static Submission resilience4j(Workload workload) {
        Bulkhead bulkhead = Bulkhead.of(
                "bench",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(workload.capacity())
                        .maxWaitDuration(Duration.ofDays(1))
                        .build());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        return task -> executor.execute(Bulkhead.decorateRunnable(bulkhead, task));
    }

    static Submission forkJoin(Workload workload) {
        ForkJoinPool pool = new ForkJoinPool(CORES);
        return pool::execute;
    }

    /// With a queue as long as the capacity, for whose room submitters wait.
    private static Submission threadPool(int threads, ThreadFactory factory, Workload workload) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(workload.capacity()),
                factory,
                Submissions::waitForRoom);
        return pool::execute;
    }

    private static void waitForRoom(Runnable task, ThreadPoolExecutor pool) {
        try {
            pool.getQueue().put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(e);
        }
    }
}
