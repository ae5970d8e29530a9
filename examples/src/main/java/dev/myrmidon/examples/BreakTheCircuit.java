package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.AttemptsFailedException;
import dev.myrmidon.manage.RetryingPool;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Stops calling a service that is down, with a circuit breaker of resilience4j.
///
/// The breaker goes around the call, inside the task, so that it sees each attempt and how long that ran, and
/// nothing of the time in the queue. What it refuses costs a slot for a moment only. A retry must not try that
/// again: the breaker stays open for longer than the pauses are.
final class BreakTheCircuit {
    private final AtomicInteger calls = new AtomicInteger();

    private String fetch() throws IOException {
        calls.incrementAndGet();
        throw new IOException("connection refused");
    }

    static void main() throws Exception {
        BreakTheCircuit service = new BreakTheCircuit();
        CircuitBreaker breaker = CircuitBreaker.of(
                "quotes",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(4)
                        .minimumNumberOfCalls(4)
                        .waitDurationInOpenState(Duration.ofMinutes(1))
                        .build());
        RetryConfig config = RetryConfig.custom()
                .maxAttempts(3)
                .intervalFunction(IntervalFunction.of(Duration.ofMillis(1)))
                .ignoreExceptions(CallNotPermittedException.class)
                .build();
        Pool pool = Pool.builder("quotes").capacity(10).build();
        try (pool) {
            RetryingPool retrying = RetryingPool.of(pool, Retry.of("quotes", config));
            Callable<String> fetch = breaker.decorateCallable(service::fetch);

            for (int i = 1; i <= 3; i++) {
                try {
                    IO.println(retrying.submit(fetch).get());
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof AttemptsFailedException failure) {
                        boolean refused = failure.getCause() instanceof CallNotPermittedException;
                        IO.println("quote " + i + ": attempts=" + failure.attempts()
                                + (refused ? ", then the circuit was open" : ", all failed"));
                    }
                }
            }
        }
        IO.println("calls: " + service.calls + ", the circuit is " + breaker.getState());
    }
}
