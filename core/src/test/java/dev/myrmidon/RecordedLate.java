package dev.myrmidon;

/// Starts the flight recorder of a JVM whose pool has run tasks before.
final class RecordedLate {
    private RecordedLate() {}

    static void main() throws Exception {
        try (Pool pool = Pool.builder("early").capacity(1).build()) {
            for (int i = 0; i < 20_000; i++) { // compiled by then, without the recorder
                pool.execute(() -> {});
            }
            pool.awaitIdle();
            try (Recorded recorded = Recorded.all()) {
                pool.submit(() -> 1).get();
                pool.resize(2);
                IO.println("tasks=" + recorded.of("early", "Task").size() + " resizes="
                        + recorded.of("early", "PoolResized").size());
            }
        }
    }
}
