package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.LevelStats;
import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityLineTest {
    private final DefaultPool pool =
            (DefaultPool) Pool.builder("owner").capacity(1).build();
    private final PriorityLine line = new PriorityLine(Long.MAX_VALUE, false);

    @AfterEach
    void close() {
        pool.close();
    }

    private SubmittedTask<?> task(int priority) {
        return SubmittedTask.executed(pool, () -> {}, TaskOptions.NONE.priority(priority));
    }

    private Line.Entry place(SubmittedTask<?> task) {
        return Objects.requireNonNull(line.placeOf(task));
    }

    private static Line.Entry entry(Runnable task) {
        return new Line.Entry(task, null);
    }

    @Test
    void whatHasASlotIsOvertakenByWhatIsHigher() {
        Runnable low = task(0);
        Line.Entry high = entry(task(1));
        line.offer(low);
        line.addLast(high);

        assertThat(line.size()).isEqualTo(1);
        assertThat(line.poll()).isSameAs(high.task);
        assertThat(line.size()).isEqualTo(1);
        assertThat(line.poll()).isNull();
        assertThat(line.passSlot()).isEqualTo(Line.Passed.PASSED);
        assertThat(line.poll()).isSameAs(low);
        assertThat(line.passSlot()).isNull();
    }

    @Test
    void anEntryCanLeaveOnlyWhileOneWaitsWithoutASlot() {
        SubmittedTask<?> first = task(3);
        line.offer(first);
        assertThat(line.remove(place(first))).isFalse();
        Line.Entry second = entry(task(1));
        line.addLast(second);

        assertThat(line.remove(place(first))).isTrue();
        assertThat(line.remove(place(first))).isFalse();
        assertThat(line.remove(second)).isFalse(); // it has the slot now
        assertThat(line.poll()).isSameAs(second.task);
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void aTaskThatGotNoWorkerIsTakenBackWithItsSlot() {
        Runnable task = task(1);
        line.offer(task(2));
        line.offer(task);

        assertThat(line.remove(task)).isTrue();
        assertThat(line.remove(task)).isFalse();
        assertThat(line.size()).isZero();
        assertThat(line.poll()).isNotNull();
        assertThat(line.poll()).isNull();
    }

    @Test
    void entriesOfAnotherLineAreNotItsOwn() {
        PriorityLine other = new PriorityLine(Long.MAX_VALUE, false);
        Line.Entry entry = entry(task(1));
        other.addLast(entry);
        line.addLast(entry(task(1)));

        assertThat(line.remove(entry)).isFalse();
        assertThat(other.remove(entry)).isTrue();
    }

    @Test
    void keepsFewEmptyLevels() {
        for (int priority = 0; priority < 10_000; priority++) {
            line.offer(task(priority));
            assertThat(line.poll()).isNotNull();
        }

        assertThat(line.stats(new PriorityLine(Long.MAX_VALUE, false))).hasSize(64);
    }

    /// One that has waited elsewhere has come earlier than the head it stands behind.
    @Test
    void aHeadThatGivesWayToOneThatCameEarlierLetsItsLevelRise() {
        PriorityLine aging = new PriorityLine(10, false);
        Line.Entry first = arrived(50, 0);
        Line.Entry head = arrived(100, 1);
        Line.Entry earlier = arrived(20, 1);
        List.of(first, head, earlier).forEach(aging::addLast);

        assertThat(aging.remove(head)).isTrue();
        assertThat(aging.pollFirst()).isSameAs(earlier);
        assertThat(aging.pollFirst()).isSameAs(first);
    }

    private Line.Entry arrived(long at, int priority) {
        Line.Entry entry = entry(task(priority));
        entry.arrival = at;
        return entry;
    }

    @Test
    void forgetsLevelsThatWereCancelledWhileSomethingHigherWaits() {
        line.addLast(entry(task(1_000_000)));
        for (int priority = 0; priority < 10_000; priority++) {
            Line.Entry entry = entry(task(priority));
            line.addLast(entry);
            assertThat(line.remove(entry)).isTrue();
        }

        assertThat(line.stats(new PriorityLine(Long.MAX_VALUE, false))).hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void looksForTasksThatAreGoneWithoutKeepingTheirLevels() {
        line.offer(task(1_000_000));
        for (int priority = 0; priority < 1_000; priority++) {
            assertThat(line.remove(task(priority))).isFalse();
        }

        assertThat(line.stats(new PriorityLine(Long.MAX_VALUE, false))).hasSize(1);
    }

    @Test
    void toldLevelsOfThoseWhoWaitAreNotKept() {
        PriorityLine waiting = new PriorityLine(Long.MAX_VALUE, false);
        List<Line.Entry> entries =
                IntStream.range(0, 100).mapToObj(i -> entry(task(i))).toList();
        entries.forEach(waiting::addLast);
        line.offer(task(7));

        assertThat(line.stats(waiting))
                .hasSize(100)
                .allMatch(level -> level.waiting() == 1)
                .filteredOn(level -> level.queued() == 1)
                .extracting(LevelStats::priority)
                .containsExactly(7);
        entries.forEach(waiting::remove);
        assertThat(line.stats(waiting)).hasSizeLessThanOrEqualTo(65);
    }

    /// They have no entry in their level: each must come out as often as it went in, at its level.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void bareTasksKeepTheirLevelAndAreCountedOne(long seed) {
        Random random = new Random(seed);
        Runnable[] codes =
                IntStream.range(0, 5).<Runnable>mapToObj(i -> () -> {}).toArray(Runnable[]::new);
        List<LeveledTask> model = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            LeveledTask some = new LeveledTask(codes[random.nextInt(codes.length)], 1 + random.nextInt(200));
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> {
                    line.offer(some);
                    model.add(some);
                }
                case 3 -> {
                    assertThat(line.remove(some)).isEqualTo(model.contains(some));
                    if (model.contains(some)) {
                        model.remove(model.lastIndexOf(some));
                    }
                }
                default -> {
                    LeveledTask next = model.stream()
                            .max(Comparator.comparingInt(LeveledTask::priority)) // the first of equal ones
                            .orElse(null);
                    assertThat(line.poll()).isEqualTo(next);
                    model.remove(next);
                }
            }
        }
        assertThat(model).hasSizeGreaterThan(1_000);
    }

    /// Against a list that is searched from the start: with removals, entries that came earlier than those they
    /// stand behind, slots that are passed on, and with or without aging (so fast that it decides often).
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void servesTheHighestOfAll(long seed) {
        Random random = new Random(seed);
        long aging = seed % 2 == 0 ? 1_000 : Long.MAX_VALUE;
        PriorityLine tested = new PriorityLine(aging, false);
        List<Line.Entry> model = new ArrayList<>();
        int slots = 0;
        int levels = 1 + random.nextInt(100);
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    int priority = random.nextInt(levels);
                    Line.Entry entry = entry(task(priority));
                    int came = random.nextInt(10) == 0 ? step - random.nextInt(50) : step;
                    entry.arrival = 1_000L * (100 + came) + priority; // so that no two of different levels rank equal
                    if (random.nextBoolean()) {
                        tested.addLast(entry);
                    } else {
                        tested.passSlotTo(entry);
                        slots++;
                    }
                    model.add(entry);
                }
                case 2 -> {
                    Runnable taken = tested.poll();
                    if (slots == 0) {
                        assertThat(taken).isNull();
                    } else {
                        slots--;
                        assertThat(taken).isSameAs(removeNext(model, aging).task);
                    }
                }
                case 3 -> {
                    boolean waits = model.size() > slots;
                    assertThat(tested.passSlot()).isEqualTo(waits ? Line.Passed.PASSED : null);
                    slots += waits ? 1 : 0;
                }
                default -> {
                    if (!model.isEmpty()) {
                        Line.Entry some = model.get(random.nextInt(model.size()));
                        boolean waits = model.size() > slots;
                        assertThat(tested.remove(some)).isEqualTo(waits);
                        if (waits) {
                            model.remove(some);
                        }
                    }
                }
            }
            assertThat(tested.size()).isEqualTo(model.size() - slots);
        }
    }

    private static Line.Entry removeNext(List<Line.Entry> model, long aging) {
        Set<Integer> levels = new HashSet<>();
        Line.Entry next = model.getFirst();
        for (Line.Entry entry : model) {
            long higher = priority(entry) - (long) priority(next);
            long lead = aging == Long.MAX_VALUE ? higher : next.arrival - entry.arrival + higher * aging;
            if (levels.add(priority(entry)) && lead > 0) {
                next = entry;
            }
        }
        model.remove(next);
        return next;
    }

    private static int priority(Line.Entry entry) {
        return ((SubmittedTask<?>) entry.task).options().priority();
    }
}
