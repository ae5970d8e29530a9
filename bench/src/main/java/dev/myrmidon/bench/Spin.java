package dev.myrmidon.bench;

/// Keeps a core busy with a fixed amount of computing.
///
/// Fixed, and not "until the clock says so": a task that was preempted would otherwise find its time over and count as
/// done, which flatters whoever runs more threads than there are cores. How much computing a microsecond is, the parent
/// finds out once, and every child does just that.
final class Spin {
    private static final long SAMPLE_ROUNDS = 200_000;
    private static final int SAMPLES = 100;

    /// Keeps the compiler from leaving the loop out.
    @SuppressWarnings({"NonFinalStaticField", "UnusedVariable"}) // to be written is all it is for
    private static volatile long sink;

    private Spin() {}

    /// Computes for so many rounds, each of which needs the one before.
    static void spin(long rounds) {
        long x = rounds;
        for (long i = 0; i < rounds; i++) {
            x = x * 6_364_136_223_846_793_005L + i;
        }
        if (x == 42) {
            sink = x;
        }
    }

    /// How many rounds take so long on this machine: by the fastest of many samples, since whatever else runs only
    /// makes them slower.
    static long calibrate(long nanos) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            long start = System.nanoTime();
            spin(SAMPLE_ROUNDS);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return Math.max(1, Math.round((double) nanos * SAMPLE_ROUNDS / fastest));
    }
}
