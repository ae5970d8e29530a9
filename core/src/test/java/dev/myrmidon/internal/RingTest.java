package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private record Numbered(int producer, int number) implements Runnable {
        @Override
        public void run() {}
    }

    /// Against a plain queue, through growth and laps.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesAsAQueue(long seed) {
        Ring ring = new Ring();
        ArrayDeque<Runnable> model = new ArrayDeque<>();
        Random random = new Random(seed);
        for (int phase = 0; phase < 50; phase++) {
            int bias = random.nextInt(1, 10);
            for (int i = 0; i < 2_000; i++) {
                if (random.nextInt(10) < bias) {
                    Runnable task = new Numbered(0, i);
                    ring.offer(task);
                    model.add(task);
                } else {
                    assertThat(ring.poll()).isSameAs(model.poll());
                }
                assertThat(ring.isEmpty()).isEqualTo(model.isEmpty());
            }
        }
        for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
            assertThat(task).isSameAs(model.poll());
        }
        assertThat(model).isEmpty();
    }

    @Test
    void takesOutOneTaskAndKeepsTheOrderOfTheOthers() {
        Ring ring = new Ring();
        Runnable a = new Numbered(0, 0);
        Runnable b = new Numbered(0, 1);
        ring.offer(a);
        ring.offer(b);
        ring.offer(a);
        assertThat(ring.remove(new Numbered(0, 0)))
                .as("an equal task is another task")
                .isFalse();
        assertThat(ring.remove(a)).isTrue();
        assertThat(ring.poll()).isSameAs(b);
        assertThat(ring.poll()).isSameAs(a);
        assertThat(ring.remove(a)).isFalse();
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void keepsNoTaskThatWasTaken() {
        Ring ring = new Ring();
        Runnable task = new Numbered(0, 0);
        WeakReference<Runnable> reference = new WeakReference<>(task);
        ring.offer(task);
        task = null;
        assertThat(ring.poll()).isNotNull();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(reference.get()).isNull();
        });
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void losesAndDoublesNothingAndKeepsEachProducersOrder() throws InterruptedException {
        int perProducer = 300_000;
        int producers = 2;
        Ring ring = new Ring();
        AtomicInteger taken = new AtomicInteger();
        List<List<Numbered>> seen = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < perProducer; i++) {
                    ring.offer(new Numbered(producer, i));
                }
            }));
            List<Numbered> mine = new ArrayList<>();
            seen.add(mine);
            threads.add(Thread.ofPlatform().start(() -> {
                while (taken.get() < producers * perProducer) {
                    Runnable task = ring.poll();
                    if (task != null) {
                        taken.incrementAndGet();
                        mine.add((Numbered) task);
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        boolean[][] found = new boolean[producers][perProducer];
        for (List<Numbered> ofOneConsumer : seen) {
            int[] last = {-1, -1};
            for (Numbered task : ofOneConsumer) {
                assertThat(task.number()).isGreaterThan(last[task.producer()]);
                last[task.producer()] = task.number();
                assertThat(found[task.producer()][task.number()]).isFalse();
                found[task.producer()][task.number()] = true;
            }
        }
        assertThat(taken.get()).isEqualTo(producers * perProducer);
        assertThat(ring.isEmpty()).isTrue();
    }
}
