package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmTest {
    @Test
    void interruptsWhoSetIt() {
        Alarm alarm = new Alarm(Duration.ofMillis(10));

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> new CountDownLatch(1).await());
        assertThat(alarm.turnOff()).isTrue();
    }

    @Test
    void leavesNoInterruptBehind() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            Alarm alarm = new Alarm(Duration.ofNanos(i * 100L));
            alarm.turnOff();
            assertThat(Thread.interrupted()).isFalse();
        }
        // Whoever is still under way would arrive here.
        assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void isQuietWhenItWasTurnedOffInTime() {
        Alarm alarm = new Alarm(Duration.ofHours(1));

        assertThat(alarm.turnOff()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
