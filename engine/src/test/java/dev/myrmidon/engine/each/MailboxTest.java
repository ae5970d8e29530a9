package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox();
    private final AtomicInteger put = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    @Test
    void makesWhoPutsWaitWhileItIsFull() throws InterruptedException {
        Thread putter = putForever();
        await().until(() -> putter.getState() == Thread.State.WAITING);
        int full = put.get();
        assertThat(full).isPositive().isLessThan(100_000);

        assertThat(mailbox.take()).hasSize(full);
        await().until(() -> put.get() == 2 * full);
        done.set(true);
        mailbox.close();
        putter.join();
    }

    @Test
    void letsAllGoOnWhenUnbounded() throws InterruptedException {
        Thread putter = putForever();
        await().until(() -> putter.getState() == Thread.State.WAITING);
        int full = put.get();
        mailbox.unbound();
        await().until(() -> put.get() > 2 * full);
        done.set(true);
        mailbox.close();
        putter.join();
    }

    @Test
    void givesWhatItHasAfterItWasClosedAndThenNothing() {
        mailbox.put(outcome());
        mailbox.close();
        mailbox.put(outcome());

        assertThat(mailbox.take()).hasSize(1);
        assertThat(mailbox.take()).isEmpty();
        assertThat(mailbox.poll()).isEmpty();
    }

    @Test
    void givesAListOnce() {
        List<Outcome> empty = mailbox.poll();
        mailbox.put(outcome());

        assertThat(empty).isEmpty();
        assertThat(mailbox.poll()).hasSize(1);
    }

    /// Puts outcomes until it is done, or has put so many that the heap should be spared more.
    private Thread putForever() {
        return Thread.ofPlatform().daemon().start(() -> {
            while (!done.get() && put.get() < 100_000) {
                mailbox.put(outcome());
                put.incrementAndGet();
            }
        });
    }

    private static Outcome outcome() {
        return new Outcome(new Item(0, 1, new byte[] {'x'}, null), Result.COMPLETED, 0);
    }
}
