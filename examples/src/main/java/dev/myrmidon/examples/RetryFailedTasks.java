package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskTimeoutException;
import dev.myrmidon.manage.AttemptsFailedException;
import dev.myrmidon.manage.RetryingPool;
import dev.myrmidon.manage.RetryingTask;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Tries tasks again that failed, with growing pauses.
///
/// The policy is resilience4j's. Between two attempts a task holds nothing: no slot, no place in the queue, no
/// thread. Each attempt is a task of the pool, with its own time limit, and counts as one.
final class RetryFailedTasks {
    private static final TaskOptions CHARGE = TaskOptions.named("charge").timeout(Duration.ofSeconds(10));

    private final AtomicInteger calls = new AtomicInteger();

    private String charge() throws IOException {
        int call = calls.incrementAndGet();
        if (call < 3) {
            throw new IOException("no answer to call " + call);
        }
        return "paid with call " + call;
    }

    private String refund() {
        throw new IllegalArgumentException("no such order");
    }

    static void main() throws Exception {
        RetryFailedTasks service = new RetryFailedTasks();
        Pool pool = Pool.builder("payments").capacity(10).build();
        try (pool) {
            RetryConfig config = RetryConfig.custom()
                    .maxAttempts(5)
                    .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(10), 2.0, 0.5))
                    .retryExceptions(IOException.class, TaskTimeoutException.class)
                    .build();
            Retry policy = Retry.of("payments", config);
            RetryingPool retrying = RetryingPool.of(pool, policy, Duration.ofSeconds(30));

            RetryingTask<String> receipt = retrying.submit(service::charge, CHARGE);
            IO.println(receipt.get());
            IO.println("attempts: " + receipt.attempts() + ", the last failure: "
                    + receipt.lastFailure().orElseThrow().getMessage());

            RetryingTask<String> refund = retrying.submit(service::refund);
            try {
                refund.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AttemptsFailedException failure) {
                    IO.println(failure.reason() + " after " + failure.attempts() + " attempt: " + failure.getCause());
                }
            }
            IO.println("retries: " + retrying.retries());
        }
        IO.println("failed tasks of the pool: " + pool.stats().failed());
    }
}
