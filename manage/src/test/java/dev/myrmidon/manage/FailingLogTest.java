package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes on when a failure can't even be logged, as when memory has run out.
@Timeout(60)
class FailingLogTest {
    private static final Logger LOGGER = Logger.getLogger("dev.myrmidon.manage");

    private final Handler failing = new Handler() {
        @Override
        public void publish(LogRecord record) {
            throw new IllegalStateException("no memory to log");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void begin() {
        LOGGER.addHandler(failing);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void end() {
        LOGGER.setUseParentHandlers(true);
        LOGGER.removeHandler(failing);
    }

    @Test
    void whatIsDoneAgainAndAgainGoesOn() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        try (Periodic periodic = new Periodic("test")) {
            var _ = periodic.every(Duration.ofMillis(1), () -> {
                runs.countDown();
                throw new IllegalStateException("every time");
            });
            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aListenerIsToldOfTheNextPool() {
        AtomicInteger told = new AtomicInteger();
        try (PoolRegistry registry = new PoolRegistry()) {
            registry.addListener(new RegistryListener() {
                @Override
                public void created(Pool pool) {
                    told.incrementAndGet();
                    throw new IllegalStateException("every time");
                }

                @Override
                public void destroyed(Pool pool) {}
            });
            registry.create(config("a"));
            registry.create(config("b"));
        }
        assertThat(told).hasValue(2);
    }

    private static PoolConfig config(String name) {
        return Pool.builder(name).capacity(1).config();
    }
}
