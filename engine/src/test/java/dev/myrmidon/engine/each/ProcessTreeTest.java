package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With real processes, which write their numbers into a file.
class ProcessTreeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo $$ >> pids; echo ready >> pids; sleep 1000",
                "echo $$ >> pids; sleep 1000 & echo $! >> pids; sleep 1000 & echo $! >> pids; echo ready >> pids; wait",
                // deaf to TERM, all of them
                "trap '' TERM; echo $$ >> pids; sleep 1000 & echo $! >> pids; echo ready >> pids; while :; do sleep 1; done",
                // a grandchild that was orphaned
                "echo $$ >> pids; (sleep 1000 & echo $! >> pids); echo ready >> pids; sleep 1000",
                // an answer to TERM that starts another one
                "trap 'sleep 1000 & echo $! >> pids; exit' TERM; echo $$ >> pids; echo ready >> pids;"
                        + " while :; do sleep 0.01; done",
            })
    void endsAllOfIt(String script) throws IOException {
        Process process = start(script);
        List<ProcessHandle> handles = handles();
        assertThat(handles).isNotEmpty().allMatch(ProcessHandle::isAlive);

        ProcessTree.end(process);

        assertThat(process.isAlive()).isFalse();
        handles = handles();
        // A zombie, which waits for its parent to notice, still has a handle.
        ProcessTable table = ProcessTable.look();
        assertThat(handles).noneMatch(handle -> table.has(handle.pid()));
    }

    @Test
    void lettingOneEndByItselfIsTriedFirst() throws IOException {
        Process process = start("trap 'echo bye >> pids; exit' TERM; echo ready >> pids; while :; do sleep 0.01; done");

        ProcessTree.end(process, Duration.ofSeconds(60));

        assertThat(Files.readAllLines(folder.resolve("pids"))).contains("bye");
    }

    @Test
    void anInterruptEndsTheGrace() throws IOException {
        Process process = start("trap '' TERM; echo ready >> pids; while :; do sleep 0.1; done");
        Thread.currentThread().interrupt();

        ProcessTree.end(process);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void whatHasEndedIsNoTrouble() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        ProcessTree.end(process);

        assertThat(process.isAlive()).isFalse();
    }

    /// As on a machine that is short of CPUs, where it takes a while to get the one that it dies on.
    @Test
    void waitsForWhatIsSlowToVanish() {
        SlowToVanish process = new SlowToVanish();

        ProcessTree.end(process, Duration.ZERO);

        assertThat(process.isAlive()).isFalse();
    }

    /// Lives on for many looks after it was killed.
    private static final class SlowToVanish extends Process {
        private int looks;
        private boolean killed;

        @Override
        public long pid() {
            return Long.MAX_VALUE; // of no process there is
        }

        @Override
        public boolean isAlive() {
            return looks < 50;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) {
            looks += killed ? 1 : 0;
            return false;
        }

        @Override
        public Process destroyForcibly() {
            killed = true;
            return this;
        }

        @Override
        public void destroy() {}

        @Override
        public int waitFor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int exitValue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream getInputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream getErrorStream() {
            throw new UnsupportedOperationException();
        }
    }

    private Process start(String script) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        if (ProgramPath.has("setsid")) {
            command.addFirst("setsid");
        }
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path pids = folder.resolve("pids");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> Files.exists(pids) && Files.readAllLines(pids).contains("ready"));
        return process;
    }

    private List<ProcessHandle> handles() throws IOException {
        return Files.readAllLines(folder.resolve("pids")).stream()
                .filter(line -> line.matches("\\d+"))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
    }
}
