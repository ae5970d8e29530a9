package dev.myrmidon.manage;

import java.util.concurrent.CountDownLatch;

/// Tasks of tests that never end by themselves.
final class Endless {
    private Endless() {}

    /// Ends when it is interrupted.
    static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            // what it was for
        }
    }
}
