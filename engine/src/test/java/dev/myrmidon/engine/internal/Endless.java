package dev.myrmidon.engine.internal;

import java.util.concurrent.CountDownLatch;

/// Tasks of tests that never end by themselves.
public final class Endless {
    private Endless() {}

    /// Ends when it is interrupted.
    public static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            // what it was for
        }
    }
}
