package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Takes the results of many items as they come, the fastest first, and only as many as it needs.
///
/// Use it when the first answers are of use before the last one is there. Closing the stream cancels and
/// interrupts what is still under way, so that nothing goes on for nobody.
final class StreamAsCompleted {
    static void main() {
        CompletableFuture<Void> read = new CompletableFuture<>();
        try (Pool pool = Pool.builder("mirrors").capacity(3).build();
                Stream<String> answers = pool.map(List.of("far", "near", "down"), mirror -> {
                            switch (mirror) {
                                case "far" -> read.get(); // answers when the near one has been read
                                case "down" -> Thread.sleep(Long.MAX_VALUE);
                                default -> {}
                            }
                            return "the " + mirror + " mirror";
                        })
                        .streamAsCompleted()) {
            answers.limit(2).forEach(answer -> {
                IO.println(answer);
                read.complete(null);
            });
            IO.println("enough");
        } // interrupts the one that is down
        IO.println("nothing is left running");
    }
}
