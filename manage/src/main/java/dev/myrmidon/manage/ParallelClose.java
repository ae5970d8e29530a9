package dev.myrmidon.manage;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Closes pools at the same time, within one deadline, each after those that feed it. Thread-safe.
final class ParallelClose {

    /// A pool, and what its close waits for.
    private static final class Node {
        final Pool pool;
        final List<Node> feeders = new ArrayList<>();
        final List<Node> feeds = new ArrayList<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        Node(Pool pool) {
            this.pool = pool;
        }

        boolean mayClose() {
            return feeders.stream().allMatch(feeder -> feeder.closed.isDone());
        }
    }

    private final long start = System.nanoTime();
    private final List<Node> nodes;
    private final CompletableFuture<RegistryReport> closed;
    private volatile long deadline;
    /// Guarded by itself, as is cutShort.
    private final List<Thread> threads = new ArrayList<>();

    private boolean cutShort;

    /// Changes nothing yet. To be called under the lock that guards who feeds whom.
    ///
    /// @param members in the order of the report
    ParallelClose(Collection<Member> members, Duration patience) {
        // At most 146 years, so that the deadline doesn't overflow.
        deadline = start + Math.min(TimeUnit.NANOSECONDS.convert(patience), Long.MAX_VALUE / 2);
        Map<Member, Node> byMember = new LinkedHashMap<>();
        members.forEach(member -> byMember.put(member, new Node(member.pool)));
        byMember.forEach((member, node) -> member.feeds.forEach(fed -> {
            Node after = byMember.get(fed);
            if (after != null) {
                node.feeds.add(after);
                after.feeders.add(node);
            }
        }));
        nodes = List.copyOf(byMember.values());
        closed = all(nodes).thenApply(_ -> report());
    }

    /// Starts to close the pools. Doesn't wait for tasks.
    void start() {
        feedersFirst().forEach(node -> {
            try {
                close(node);
            } catch (Throwable failure) { // such as no memory for a thread; nobody must wait for this one
                node.closed.completeExceptionally(failure);
            }
        });
    }

    /// The deadline is now.
    void cutShort() {
        deadline = System.nanoTime();
        synchronized (threads) {
            cutShort = true;
            threads.forEach(Thread::interrupt);
        }
    }

    /// Waits until all pools are closed; an interrupt cuts that short. May be called by many.
    RegistryReport await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return closed.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cutShort();
                } catch (ExecutionException e) {
                    throw new CompletionException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void close(Node node) {
        if (node.mayClose() && endsAtOnce(node.pool)) {
            node.closed.complete(node.pool.close(Duration.ZERO));
            return;
        }
        // A platform thread: tasks that don't let go of their carriers must not keep the deadline from coming.
        Thread thread = Thread.ofPlatform()
                .name("close-" + node.pool.config().name())
                .daemon()
                .unstarted(() -> {
                    try {
                        awaitFeeders(node);
                        node.closed.complete(node.pool.close(Duration.ofNanos(left())));
                    } catch (Throwable failure) {
                        node.closed.completeExceptionally(failure);
                    }
                });
        synchronized (threads) {
            thread.start();
            threads.add(thread);
            if (cutShort) {
                thread.interrupt();
            }
        }
    }

    /// Shuts down a pool that has nothing to drain; most have.
    private static boolean endsAtOnce(Pool pool) {
        if (pool.stats().workers() > 0) {
            return false;
        }
        pool.shutdown();
        return pool.isTerminated();
    }

    /// Waits until no feeder has anything to submit any more, or the deadline has come.
    private void awaitFeeders(Node node) {
        try {
            var _ = all(node.feeders).get(left(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | TimeoutException e) {
            // Both mean that the deadline has come.
        } catch (ExecutionException e) {
            // It is said by await(); this pool is closed all the same.
        }
    }

    /// The pools in an order in which each comes after those that feed it.
    private List<Node> feedersFirst() {
        Map<Node, Integer> feedersToCome = new HashMap<>();
        nodes.forEach(node -> feedersToCome.put(node, node.feeders.size()));
        List<Node> order = new ArrayList<>(
                nodes.stream().filter(node -> node.feeders.isEmpty()).toList());
        for (int i = 0; i < order.size(); i++) { // it grows meanwhile
            for (Node fed : order.get(i).feeds) {
                if (feedersToCome.merge(fed, -1, Integer::sum) == 0) {
                    order.add(fed);
                }
            }
        }
        return order;
    }

    private long left() {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static CompletableFuture<?> all(List<Node> nodes) {
        return CompletableFuture.allOf(nodes.stream().map(node -> node.closed).toArray(CompletableFuture[]::new));
    }

    private RegistryReport report() {
        return new RegistryReport(
                Duration.ofNanos(System.nanoTime() - start),
                nodes.stream().map(node -> node.closed.join()).toList());
    }
}
