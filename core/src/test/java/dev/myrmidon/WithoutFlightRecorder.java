package dev.myrmidon;

import java.util.concurrent.CompletableFuture;

/// Uses a pool in a JVM that has no flight recorder, in whatever would be recorded.
final class WithoutFlightRecorder {
    private WithoutFlightRecorder() {}

    static void main() {
        CompletableFuture<String> over = new CompletableFuture<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .nonblocking()
                .onFailure((_, _) -> {})
                .build();
        try (pool) {
            pool.execute(over::join);
            IO.println("accepted: " + pool.tryExecute(() -> {}));
            pool.resize(2);
            pool.execute(() -> {
                throw new IllegalStateException();
            });
            over.complete("now");
        }
        IO.println("recorder: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
        PoolStats end = pool.stats();
        IO.println("completed=" + end.completed() + " failed=" + end.failed() + " rejected=" + end.rejected());
    }
}
