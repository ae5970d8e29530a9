package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeysTest {
    private final DefaultPool pool =
            (DefaultPool) Pool.builder("owner").capacity(1).build();
    private final Keys keys = new Keys(true);

    @AfterEach
    void close() {
        pool.close();
    }

    private SubmittedTask<?> task() {
        return SubmittedTask.executed(pool, () -> {}, TaskOptions.keyed("a"));
    }

    private Line.Entry hold(SubmittedTask<?> task) {
        assertThat(keys.join(keys.line("a"), task)).isTrue();
        Line.Entry entry = new Line.Entry(task, null);
        keys.hold(entry);
        return entry;
    }

    @Test
    void theTurnGoesFromOneToTheNextAndAnIdleKeyIsForgotten() {
        SubmittedTask<?> first = task();
        Keys.KeyLine line = keys.line("a");
        assertThat(keys.join(line, first)).isTrue();
        assertThat(keys.mustWait(first)).isFalse();
        keys.takeTurn(first);
        Line.Entry second = hold(task());
        assertThat(keys.mustWait(first)).isFalse();
        assertThat(keys.mustWait(second.task)).isTrue();
        assertThat(keys.held()).isEqualTo(1);

        assertThat(keys.leave(first)).isSameAs(second);
        assertThat(keys.wasHeld(second)).isTrue();
        assertThat(keys.held()).isZero();
        assertThat(keys.leave(first)).isNull(); // only once
        assertThat(keys.takeForgotten()).isNull();
        assertThat(keys.leave((SubmittedTask<?>) second.task)).isNull();

        assertThat(keys.join(line, task())).isFalse();
        keys.forgetAll(Objects.requireNonNull(keys.takeForgotten()));
        assertThat(keys.line("a")).isNotSameAs(line);
    }

    @Test
    void oneThatLeavesFromBehindChangesNothingForTheOthers() {
        SubmittedTask<?> first = task();
        keys.join(keys.line("a"), first);
        keys.takeTurn(first);
        Line.Entry second = hold(task());
        Line.Entry third = hold(task());

        assertThat(keys.remove(second)).isTrue();
        assertThat(keys.leave((SubmittedTask<?>) second.task)).isNull();
        assertThat(keys.leave(first)).isSameAs(third);
    }
}
