package dev.myrmidon.engine.each;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Ends a process with everything that it started: politely, and shortly after for good.
final class ProcessTree {
    /// How long processes have between the request to end and the end.
    static final Duration GRACE = Duration.ofMillis(500);

    private static final long POLL_MILLIS = 20;

    /// How often to kill what was started while we killed. A process that starts others faster than that
    /// isn't a command but an attack.
    private static final int MAX_ROUNDS = 10;

    /// How long to wait for the kernel when nothing is left to kill. What is killed has to get a CPU once more to
    /// vanish, and one that a dead disk or server holds never does.
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final Duration grace;

    /// Its number and those of all that was ever found to be started by it.
    private final Set<Long> known = new HashSet<>();

    private ProcessTree(Process process, Duration grace) {
        this.process = process;
        this.grace = grace;
        known.add(process.pid());
    }

    /// Returns when nothing of it is left: after [#GRACE] at most, plus what the kernel takes. If the
    /// thread is interrupted meanwhile, the grace is over at once, and the interrupt status is set on
    /// return.
    static void end(Process process) {
        end(process, GRACE);
    }

    /// [#end(Process)] with another grace.
    static void end(Process process, Duration grace) {
        new ProcessTree(process, grace).end();
    }

    private void end() {
        // Looks before it ends anything: what is orphaned then can't be found by its parent any more.
        Set<Long> left = lookForLeft();
        process.destroy();
        left.forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroy));
        long deadline = System.nanoTime() + grace.toNanos();
        long lastKill = 0;
        Set<Long> killed = new HashSet<>();
        boolean interrupted = false;
        for (int round = 0; round < MAX_ROUNDS; ) {
            interrupted |= !pause();
            left = lookForLeft();
            if (left.isEmpty() && !process.isAlive()) {
                break;
            }
            if (interrupted || System.nanoTime() - deadline >= 0) {
                process.destroyForcibly();
                left.forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));
                left.add(process.pid());
                if (killed.addAll(left)) {
                    round++;
                    lastKill = System.nanoTime();
                } else if (System.nanoTime() - lastKill >= LAST_PATIENCE.toNanos()) {
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Those of the tree that run now, without the process itself.
    private Set<Long> lookForLeft() {
        ProcessTable table = ProcessTable.look();
        known.addAll(table.startedBy(known));
        Set<Long> left = new HashSet<>(known);
        left.remove(process.pid());
        left.removeIf(id -> !table.has(id));
        return left;
    }

    /// Waits a moment, less if that ends the process.
    ///
    /// @return false if it was interrupted
    private boolean pause() {
        try {
            if (process.isAlive()) {
                process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                Thread.sleep(POLL_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
