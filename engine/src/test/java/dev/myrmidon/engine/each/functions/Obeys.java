package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// Does what its item says: `sleep MILLIS`, `late MILLIS` (sleeps, and returns as if nothing were when it
/// is interrupted), `throw`, `interrupt`, `overflow`, `long COUNT`, `deaf FILE`; or else says the item.
public final class Obeys implements ItemFunction {
    @Override
    public String apply(String item) throws Exception {
        String[] words = item.split(" ", 2);
        switch (words[0]) {
            case "sleep" -> Thread.sleep(Long.parseLong(words[1]));
            case "late" -> {
                try {
                    Thread.sleep(Long.parseLong(words[1]));
                } catch (InterruptedException e) {
                    return item;
                }
            }
            case "interrupt" -> throw new InterruptedException("as told");
            case "throw" -> {
                while (words.length > 1 && !Files.exists(Path.of(words[1]))) {
                    Thread.sleep(1);
                }
                throw new IOException("as told");
            }
            case "overflow" -> throw new StackOverflowError();
            case "long" -> {
                return "x".repeat(Integer.parseInt(words[1]));
            }
            case "deaf" -> ignoreInterruptsUntil(Path.of(words[1]));
            default -> {}
        }
        return item;
    }

    private static void ignoreInterruptsUntil(Path file) {
        while (!Files.exists(file)) {
            LockSupport.parkNanos(20_000_000); // there may be many
            Thread.interrupted();
        }
    }
}
