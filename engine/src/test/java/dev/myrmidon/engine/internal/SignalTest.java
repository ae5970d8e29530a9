package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An engine inside an application gets real signals.
@Timeout(60)
class SignalTest {
    private static final String CHILD = ChildEngine.class.getName();

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalDrainsAndTheJvmEndsByItself(String signal) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(CHILD, "PT1M", "ends")) {
            child.awaitLine("ready");
            child.signal(signal);

            assertThat(child.exitCode()).isZero();
            assertThat(child.said()).containsExactly("ready", "draining", "clean=true completed=1");
        }
    }

    @Test
    void withoutATaskItEndsAtOnce() throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(CHILD, "PT1M", "none")) {
            child.awaitLine("ready");
            child.signal("TERM");

            assertThat(child.exitCode()).isZero();
            assertThat(child.said()).contains("clean=true completed=0");
        }
    }

    @Test
    void aTaskThatOutlivesTheGraceIsInterrupted() throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(CHILD, "PT0.1S", "waits")) {
            child.awaitLine("ready");
            child.signal("TERM");

            assertThat(child.exitCode()).isEqualTo(1);
            // whoever says "draining" may take longer than the grace
            assertThat(child.said()).containsSubsequence("ready", "interrupted", "clean=false completed=1");
        }
    }

    @Test
    void aSecondSignalEndsTheGrace() throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(CHILD, "PT1H", "waits")) {
            child.awaitLine("ready");
            child.signal("TERM");
            child.awaitLine("draining");
            child.signal("INT");

            assertThat(child.exitCode()).isEqualTo(1);
            assertThat(child.said()).containsExactly("ready", "draining", "interrupted", "clean=false completed=1");
        }
    }

    @Test
    void theHandlerFromBeforeIsPutBack() throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(CHILD, "PT1M", "ends", "stay")) {
            child.awaitLine("ready");
            child.signal("TERM");
            child.awaitLine("after");
            assertThat(child.said()).doesNotContain("own handler");

            child.signal("TERM");

            child.awaitLine("own handler");
        }
    }
}
