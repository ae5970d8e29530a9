package dev.myrmidon.bench;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// The `main` of the JVM in which one executor is measured once. The last line it prints is a [ChildReport].
///
/// Whatever doesn't belong to the executor is kept away until the measuring is over: reports are JSON, but the library
/// for that is loaded at the end only.
final class Child {
    private static final int STALLED = 3;

    private Child() {}

    /// Measures.
    ///
    /// @param args the name of a peer, then a workload as [Workload#toArguments()] writes it
    public static void main(String[] args) {
        Peer peer = Peer.named(args[0]);
        Workload workload = Workload.fromArguments(List.of(args).subList(1, args.length));
        run(workload, ended -> Course.of(peer, workload, ended));
    }

    /// Makes a course whose tasks count their end.
    @FunctionalInterface
    interface Courses {
        Course open(LongAdder ended) throws Exception;
    }

    /// Measures, reports and ends the JVM.
    static void run(Workload workload, Courses courses) {
        LongAdder ended = new LongAdder();
        watch(workload, ended);
        ChildReport report;
        try {
            report = new ChildReport(new Trial(workload, ended, courses.open(ended)).measure(), null);
        } catch (Throwable e) {
            report = ChildReport.failed(e.toString());
        }
        end(report, report.measured() == null ? 1 : 0);
    }

    /// Ends a JVM that makes no progress; threads that wait for ever may be all that is left of it.
    private static void watch(Workload workload, LongAdder ended) {
        Thread.ofPlatform().daemon().name("watch").start(() -> {
            try {
                Thread.sleep(workload.limitSeconds() * 1_000L);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the watch", e);
            }
            long all = (long) workload.warmUp() + workload.tasks();
            end(
                    ChildReport.failed("stalled: " + ended.sum() + " of " + all + " tasks, warm-up included, ended in "
                            + workload.limitSeconds() + " s"),
                    STALLED);
        });
    }

    private static synchronized void end(ChildReport report, int status) {
        System.out.println("\n" + Json.line(report));
        System.out.flush();
        Runtime.getRuntime().halt(status); // executors are not asked to close: that is not what is measured
    }
}
