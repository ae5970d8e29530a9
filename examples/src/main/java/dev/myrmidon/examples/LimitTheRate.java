package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Calls a service no more often than it allows, with a rate limiter of resilience4j.
///
/// A limiter that is asked inside a task makes the task sleep, with its slot. So the permission is reserved
/// before, and the task submitted when that is due: until then it holds nothing.
final class LimitTheRate {
    private final RateLimiter limiter = RateLimiter.of(
            "geocoder",
            RateLimiterConfig.custom()
                    .limitForPeriod(2)
                    .limitRefreshPeriod(Duration.ofMillis(40))
                    .timeoutDuration(Duration.ofSeconds(1)) // the longest wait that may be reserved
                    .build());
    private final Pool pool = Pool.builder("geocoder").capacity(1).build();

    private ScheduledFuture<String> locate(String city) {
        long wait = limiter.reservePermission();
        if (wait < 0) {
            throw new RejectedExecutionException("too many requests to geocoder, " + city + " was one too many");
        }
        return pool.scheduler().schedule(() -> "found " + city, wait, TimeUnit.NANOSECONDS);
    }

    static void main() throws Exception {
        LimitTheRate geocoder = new LimitTheRate();
        try (Pool pool = geocoder.pool) {
            long start = System.nanoTime();
            List<ScheduledFuture<String>> found = new ArrayList<>();
            for (String city : List.of("Rome", "Oslo", "Lima", "Cork", "Bern", "Kyiv")) {
                found.add(geocoder.locate(city));
            }
            IO.println("a slot is free: " + pool.submit(() -> "yes").get());
            for (ScheduledFuture<String> city : found) {
                IO.println(city.get());
            }
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            IO.println("six calls, two per 40 ms: " + (millis >= 40 ? "took their time" : "took " + millis + " ms"));
        }
    }
}
