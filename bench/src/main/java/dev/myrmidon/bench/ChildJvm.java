package dev.myrmidon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Starts children and reads what they say.
///
/// @param flags for every child the same
/// @param mainClass whose `main` they run: [Child], but for tests
record ChildJvm(List<String> flags, String mainClass) {
    /// Ends a JVM that has no memory left, before its tasks or its executor make something else of it.
    private static final String EXIT_WITHOUT_MEMORY = "-XX:+ExitOnOutOfMemoryError";

    private static final String NO_MEMORY = "java.lang.OutOfMemoryError: ";

    /// How the lines begin that the peers' logging says about itself.
    private static final String LOGGER_CHATTER = "SLF4J";

    /// Would change the flags behind our back.
    private static final List<String> FLAGS_OF_ENVIRONMENT = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    /// A child watches its own time; one that can't even do that is ended so much later.
    private static final int GRACE_SECONDS = 15;

    private static final int LAST_LINES = 50;
    private static final int KILLED = 128;

    ChildJvm {
        List<String> all = new ArrayList<>(flags);
        all.add(EXIT_WITHOUT_MEMORY);
        flags = List.copyOf(all);
    }

    /// Measures a peer once.
    ChildReport measure(Peer peer, Workload workload) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, peer.toString()));
        command.addAll(workload.toArguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        FLAGS_OF_ENVIRONMENT.forEach(environment::remove);
        Process child = builder.start();
        Thread endWithUs = new Thread(child::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endWithUs);
        try {
            child.getOutputStream().close();
            Deque<String> last = new ArrayDeque<>();
            Thread reader = Thread.ofVirtual().start(() -> readLast(child, last));
            if (!child.waitFor(workload.limitSeconds() + GRACE_SECONDS, TimeUnit.SECONDS)) {
                return ChildReport.failed("stalled: silent after " + workload.limitSeconds() + " s");
            }
            reader.join(); // before the process is destroyed, which closes what there is to read
            return report(last, child.exitValue());
        } finally {
            child.destroyForcibly();
            try {
                Runtime.getRuntime().removeShutdownHook(endWithUs);
            } catch (IllegalStateException shuttingDown) {
                // then the hook is at work
            }
        }
    }

    private static void readLast(Process child, Deque<String> last) {
        try (BufferedReader out = child.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last.addLast(line);
                if (last.size() > LAST_LINES) {
                    last.removeFirst();
                }
            }
        } catch (IOException e) {
            // the child was ended
        }
    }

    private static ChildReport report(Deque<String> said, int status) {
        String last = said.isEmpty() ? "" : said.getLast();
        ChildReport report = parse(last);
        if (report != null) {
            return report;
        }
        return ChildReport.failed(said.stream()
                .filter(line -> line.contains(NO_MEMORY))
                .map(line -> "out of memory: " + line.substring(line.indexOf(NO_MEMORY) + NO_MEMORY.length()))
                .findFirst()
                .orElse((status > KILLED ? "killed by signal " + (status - KILLED) : "ended with status " + status)
                        + said.stream()
                                .filter(line -> !line.isBlank() && !line.startsWith(LOGGER_CHATTER))
                                .findFirst()
                                .map(line -> ": " + line)
                                .orElse("")));
    }

    private static @Nullable ChildReport parse(String line) {
        if (!line.startsWith("{")) {
            return null;
        }
        try {
            return Json.read(line, ChildReport.class);
        } catch (JacksonException e) {
            return null; // cut off
        }
    }
}
