package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.Autoscaler;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStep;
import dev.myrmidon.manage.ScalingStrategy;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/// Lets a pool's capacity follow its load.
///
/// Use it when the right capacity depends on the hour, or on how the other side is doing. This pool doubles at
/// each look while tasks wait, and halves after three quiet ones in a row; the log has each step, with the
/// numbers that led to it. `ScalingStrategy.gradient()` finds the capacity that suits the other side instead.
final class ScaleWithLoad {
    static void main() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        BlockingQueue<ScalingStep> steps = new LinkedBlockingQueue<>();
        Pool images = Pool.builder("images").capacity(2).queueCapacity(100).build();
        try (Autoscaler autoscaler = new Autoscaler(steps::add);
                images) {
            for (int image = 1; image <= 20; image++) {
                images.execute(answer::join);
            }
            autoscaler.add(
                    images,
                    ScalingConfig.between(2, 12)
                            .strategy(ScalingStrategy.threshold(0.8, 0.3))
                            .interval(Duration.ofMillis(20)));
            for (int step = 1; step <= 3; step++) {
                IO.println(steps.take());
            }

            answer.complete("done");
            for (int step = 1; step <= 3; step++) {
                ScalingStep down = steps.take();
                IO.println(down.from() + " → " + down.to());
            }
        }
    }
}
