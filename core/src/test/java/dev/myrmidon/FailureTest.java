package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tasks that throw, and handlers that do.
class FailureTest {
    private record Failure(String taskName, Throwable thrown) {}

    static Stream<Throwable> throwables() {
        return Stream.of(
                new IllegalStateException("no"),
                new AssertionError("no"),
                new OutOfMemoryError("no"),
                new IOException("no"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void aThrowingTaskEndsAloneAndItsHandlerIsCalledOnce(Throwable thrown) throws InterruptedException {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        CountDownLatch ran = new CountDownLatch(100);
        Pool pool;
        try (FunctionPool<Throwable> functions = FunctionPool.of(
                Pool.builder("orders")
                        .capacity(1)
                        .onFailure((name, failure) -> failures.add(new Failure(name, failure)))
                        .config(),
                argument -> {
                    if (argument instanceof Exception e) {
                        throw e;
                    }
                    throw (Error) argument;
                })) {
            pool = functions.pool();
            functions.invoke(thrown);
            for (int i = 0; i < 100; i++) {
                pool.execute(ran::countDown);
            }
            ran.await();
        }
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.taskName()).isEqualTo("orders/dev.myrmidon.FailureTest$$Lambda");
            assertThat(failure.thrown()).isSameAs(thrown);
        });
        assertThat(pool.stats().failed()).isEqualTo(1);
        assertThat(pool.stats().completed()).isEqualTo(100);
    }

    @Test
    void withoutAHandlerAFailureIsLoggedOnce() {
        List<LogRecord> records = logged(() -> {
            try (Pool pool = Pool.builder("orders").capacity(1).build()) {
                pool.execute(() -> {
                    throw new IllegalStateException("no");
                });
            }
        });
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.getMessage()).isEqualTo("task orders/dev.myrmidon.FailureTest$$Lambda failed");
            assertThat(record.getThrown()).hasMessage("no");
        });
    }

    @Test
    void aHandlerThatThrowsIsContained() {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .onFailure((_, _) -> {
                    throw new StackOverflowError("handler");
                })
                .build();
        List<LogRecord> records = logged(() -> {
            try (pool) {
                for (int i = 0; i < 3; i++) {
                    pool.execute(() -> {
                        throw new IllegalStateException("no");
                    });
                }
            }
        });
        assertThat(pool.stats().failed()).isEqualTo(3);
        assertThat(records)
                .hasSize(6)
                .extracting(record -> record.getThrown().getMessage())
                .contains("handler", "no");
    }

    @Test
    void aSubmittedTaskDeliversItsFailureThroughItsFutureAlone() {
        List<LogRecord> records = logged(() -> {
            Pool pool = Pool.builder("orders").capacity(1).build();
            try (pool) {
                var future = pool.submit(() -> {
                    throw new IOException("no");
                });
                assertThatThrownBy(future::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(IOException.class);
            }
            assertThat(pool.stats().failed()).isEqualTo(1);
        });
        assertThat(records).isEmpty();
    }

    @Test
    void anInterruptNeverReachesTheNextTask() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            for (int i = 0; i < 100; i++) {
                pool.execute(() -> {
                    interrupted.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                });
            }
        }
        assertThat(interrupted).hasSize(100).containsOnly(false);
    }

    private static List<LogRecord> logged(Runnable action) {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(Pool.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return records;
    }
}
