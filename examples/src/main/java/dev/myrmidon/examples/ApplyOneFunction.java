package dev.myrmidon.examples;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Applies one function to many arguments, at most so many at once.
///
/// Use it when all tasks do the same: fetch a page, resize an image, send a message. The function may throw
/// checked exceptions; what it throws goes to the failure handler, and the other calls go on.
final class ApplyOneFunction {
    private static final Map<String, Integer> SIZES = new ConcurrentSkipListMap<>();

    static void main() {
        try (FunctionPool<String> fetch = FunctionPool.of("fetch", 4, ApplyOneFunction::fetch)) {
            for (String page : List.of("/", "/about", "/contact")) {
                fetch.invoke(page); // waits while 4 are under way
            }
        } // waits for the last one
        IO.println("sizes: " + SIZES);

        // With settings of its own: take the configuration from a builder.
        try (FunctionPool<String> fetch = FunctionPool.of(
                Pool.builder("fetch")
                        .capacity(4)
                        .onFailure((taskName, failure) -> IO.println("failed: " + failure.getMessage()))
                        .config(),
                ApplyOneFunction::fetch)) {
            fetch.invoke("about");
        }
    }

    private static void fetch(String page) throws IOException {
        if (!page.startsWith("/")) {
            throw new IOException("no such page: " + page);
        }
        SIZES.put(page, page.length());
    }
}
