package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.TaskOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Hears of what happens in a pool: for an audit, a trace or counters of your own.
///
/// A listener is called in the thread in which it happened, so it should be short: put what takes longer
/// into a queue of your own. The events are a sealed type. What a listener throws is logged and harms nobody.
final class ListenToEvents {
    static void main() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> answer = new CompletableFuture<>();
        List<String> audit = Collections.synchronizedList(new ArrayList<>());
        Pool pool = Pool.builder("uploads")
                .capacity(1)
                .nonblocking()
                .listener(event -> {
                    switch (event) {
                        case PoolEvent.Started(var _, var task) -> audit.add(task.name() + " started");
                        case PoolEvent.Ended(var _, var task) -> audit.add(task.name() + " ended: " + task.status());
                        case PoolEvent.Rejected(var _, var task, var reason) ->
                            audit.add(task.name() + " refused: " + reason);
                        case PoolEvent.Resized(var name, var from, var to) ->
                            audit.add(name + " resized from " + from + " to " + to);
                        case PoolEvent.Closed(var name) -> audit.add(name + " closed");
                        case PoolEvent.Submitted _ -> {}
                    }
                })
                .build();
        try (pool) {
            pool.execute(
                    () -> {
                        started.countDown();
                        answer.join();
                    },
                    TaskOptions.named("photo"));
            started.await();
            try {
                pool.execute(() -> {}, TaskOptions.named("video"));
            } catch (PoolSaturatedException e) {
                audit.add("its submitter knows too");
            }
            pool.resize(2);
            pool.shutdown();
            answer.complete("stored");
        }
        audit.forEach(IO::println);
    }
}
