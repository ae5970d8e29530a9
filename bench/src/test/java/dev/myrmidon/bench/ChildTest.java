package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.bench.Workload.Measure;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a child makes of executors that don't do what they should.
class ChildTest {
    private static final Workload WORKLOAD = workload(60);

    /// For those that stall; all that doesn't must be done by then.
    private static final Workload SHORT = workload(6);

    private static Workload workload(int limitSeconds) {
        return new Workload(Measure.THROUGHPUT, Work.parse("noop"), 0, 100, 50, 10, 2, false, limitSeconds);
    }

    @Test
    void an_executor_that_loses_a_task_stalls() throws Exception {
        assertThat(report(Loses.class).failure()).startsWith("stalled: 149 of 150 tasks");
    }

    @Test
    void an_executor_that_runs_a_task_twice_is_found_out() throws Exception {
        assertThat(report(Doubles.class).failure()).contains("ran 100 tasks of 50");
    }

    @Test
    void an_executor_that_throws_has_its_message_reported() throws Exception {
        assertThat(report(Throws.class).failure()).contains("no room");
    }

    @Test
    void a_jvm_that_ends_itself_is_told_by_its_last_words() throws Exception {
        assertThat(report(Quits.class).failure()).isEqualTo("ended with status 7: enough");
    }

    @Test
    void a_jvm_that_does_not_start_says_why() throws Exception {
        assertThat(new ChildJvm(List.of("-XX:+Bogus"), Quits.class.getName())
                        .measure(Peer.MYRMIDON, WORKLOAD)
                        .failure())
                .isEqualTo("ended with status 1: Unrecognized VM option 'Bogus'");
    }

    /// The count is of all threads: were virtual ones left out, the megabytes that they allocate would be missing.
    @Test
    void what_virtual_threads_allocate_is_counted() throws Exception {
        Measurement measured = report(Allocates.class).measured();
        assertThat(measured).isNotNull();
        assertThat(measured.allocatedBytes()).isBetween(100L << 20, 120L << 20);
    }

    private static ChildReport report(Class<?> main) throws Exception {
        return new ChildJvm(List.of(), main.getName()).measure(Peer.MYRMIDON, WORKLOAD);
    }

    private static void run(Submission submission) {
        run(WORKLOAD, submission, () -> {});
    }

    private static void run(Workload workload, Submission submission, Runnable body) {
        Child.run(workload, ended -> {
            Runnable task = () -> {
                body.run();
                ended.increment();
            };
            return Course.of(submission, workload, task, ended);
        });
    }

    static final class Loses {
        public static void main(String[] args) {
            AtomicInteger submitted = new AtomicInteger();
            run(
                    SHORT,
                    task -> {
                        if (submitted.incrementAndGet() != 100) {
                            task.run();
                        }
                    },
                    () -> {});
        }
    }

    static final class Doubles {
        public static void main(String[] args) {
            run(task -> {
                task.run();
                task.run();
            });
        }
    }

    static final class Throws {
        public static void main(String[] args) {
            run(_ -> {
                throw new IllegalStateException("no room");
            });
        }
    }

    static final class Quits {
        public static void main(String[] args) {
            System.out.println("enough");
            System.exit(7);
        }
    }

    static final class Allocates {
        static volatile byte[] last = {};

        public static void main(String[] args) {
            run(WORKLOAD, Thread::startVirtualThread, () -> last = new byte[1 << 20]);
        }
    }
}
