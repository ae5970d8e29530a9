package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDiffTest {
    @TempDir
    Path folder;

    @Test
    void findsNothingInTheSame() throws IOException {
        ConfigDiff diff =
                diff("pools: { a: { size: 1 }, b: { size: 2 } }", "pools: { b: { size: 2 }, a: { size: 1 } }");

        assertThat(diff.changes()).isEmpty();
        assertThat(diff.needRestart()).isEmpty();
        assertThat(diff.added()).isEmpty();
        assertThat(diff.removed()).isEmpty();
    }

    @Test
    void showsWhatDiffersAsTheFileHasIt() throws IOException {
        ConfigDiff diff = diff(
                "pools: { \"a.b\": { size: 1 }, \"1\": { size: 2 } }",
                "pool: { queue: { capacity: 3 } }\npools: { \"a.b\": { size: -1 }, c: { size: 4 } }\nshutdown: { grace: 0s }");

        assertThat(diff.changes())
                .containsExactly(
                        "pool.queue.capacity 0 → 3",
                        "a.b.size 1 → -1",
                        "c added (size 4)",
                        "shutdown.grace 30s → 0s",
                        "1 removed");
        assertThat(diff.needRestart()).isEmpty();
        assertThat(diff.added()).containsExactly("c");
        assertThat(diff.removed()).containsExactly("1");
    }

    @Test
    void knowsWhatNeedsARestart() throws IOException {
        assertThat(diff("pool: { queue: { order: priority } }", "pool: { queue: { order: priority, aging: 1s } }")
                        .needRestart())
                .containsExactly("pool.queue.aging 10s → 1s");
        assertThat(diff("pool: { size: 5 }", "pool: { size: 6, pre_alloc: false, timed: true }")
                        .needRestart())
                .containsExactly("pool.pre_alloc true → false", "pool.timed false → true");
    }

    /// Whether the default is to preallocate depends on the size.
    @Test
    void aSizeThatCannotBePreallocatedNeedsNone() throws IOException {
        ConfigDiff diff = diff("pool: { size: 5 }", "pool: { size: -1 }");
        assertThat(diff.changes()).containsExactly("pool.size 5 → -1");
        assertThat(diff.needRestart()).isEmpty();

        diff = diff("pool: { size: 2147483647 }", "pool: { size: 5 }");
        assertThat(diff.changes()).containsExactly("pool.size 2147483647 → 5");
        assertThat(diff.needRestart()).isEmpty();
    }

    private ConfigDiff diff(String before, String after) throws IOException {
        return ConfigDiff.between(config(before), config(after));
    }

    private EngineConfig config(String text) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.yaml"), text))
                .config();
    }
}
