package dev.myrmidon.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Threads that share a number of things to do and begin all at once.
final class Team {
    private final int threads;
    private final ThreadFactory factory;

    /// A team that is formed anew for each thing it does.
    Team(int threads, boolean virtual) {
        this.threads = threads;
        this.factory = virtual
                ? Thread.ofVirtual().name("submitter-", 0).factory()
                : Thread.ofPlatform().name("submitter-", 0).daemon().factory();
    }

    /// What a member does.
    @FunctionalInterface
    interface Share {
        /// Does its share.
        ///
        /// @param member the number of the member, from 0
        /// @param count how many of the whole are its
        void take(int member, int count) throws InterruptedException;
    }

    /// How many of so many things one of so many members gets.
    static int share(int member, int members, int total) {
        return total / members + (member < total % members ? 1 : 0);
    }

    /// Lets each member take its share, and returns when all have.
    ///
    /// @param total how many there are to share; every member's share differs by 1 at most
    /// @param onReady called when all members stand ready, just before they begin
    /// @throws IllegalStateException if a member fails
    void run(int total, Runnable onReady, Share share) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(threads);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < threads; i++) {
            int member = i;
            int count = share(member, threads, total);
            factory.newThread(() -> {
                        try {
                            ready.countDown();
                            go.await();
                            share.take(member, count);
                        } catch (Throwable e) {
                            failure.compareAndSet(null, e);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        ready.await();
        onReady.run();
        go.countDown();
        done.await();
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException(failed.toString(), failed);
        }
    }
}
