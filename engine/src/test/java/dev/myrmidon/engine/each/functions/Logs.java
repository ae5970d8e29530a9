package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/// Appends its item to the file that the property `log` names, takes a millisecond, and says the item. One in
/// a hundred fails after that, if the property `flaky` is set. After as many items as the property `most` says
/// it does nothing any more.
public final class Logs implements ItemFunction {
    private final Path log = Path.of(System.getProperty("log"));
    private final boolean flaky = Boolean.getBoolean("flaky");
    private final Semaphore left = new Semaphore(Integer.getInteger("most", Integer.MAX_VALUE));

    @Override
    public String apply(String item) throws IOException, InterruptedException {
        left.acquire();
        Files.writeString(log, item + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Thread.sleep(1);
        if (flaky && ThreadLocalRandom.current().nextInt(100) == 0) {
            throw new IOException("as told");
        }
        return item;
    }
}
