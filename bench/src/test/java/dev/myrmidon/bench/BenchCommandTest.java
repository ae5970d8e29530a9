package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command as a user has it, with children in JVMs of their own and so few tasks that the figures mean nothing.
class BenchCommandTest {
    private static final String FEW =
            "--tasks 400 --warm-up 100 --capacity 40 --rounds 1 --jvm -XX:TieredStopAtLevel=1";

    @TempDir
    Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--work nap:1ms | --work",
                "--peers myrmidon,mirmidon | unknown executor \"mirmidon\"",
                "--tasks 0 | --tasks must be at least 1, was 0",
                "--tasks many | --tasks",
                "--capacity 0 | --capacity must be at least 1, was 0",
                "--rounds 0 | --rounds must be at least 1, was 0",
                "--heap lots | --heap must be a size such as 256m or 4g, was \"lots\"",
                "--measure start --submitters 2 | --measure start is about one submitter",
                "--measure start --peers limit | no use for limit",
                "--measure wait --peers myrmidon,map-concurrent | no use for map-concurrent",
                "--bogus | --bogus"
            })
    void refuses_a_wrong_command_line_in_two_lines(String line, String why) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("myrmidon bench: ")
                .contains(why);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"noop, 4", "sleep:1ms, 1"})
    void measures_every_executor(String work, int submitters) throws Exception {
        Path json = dir.resolve("results.json");
        int status = run(FEW + " --work " + work + " --submitters " + submitters + " --json " + json);
        assertThat(status).as(err.toString() + out).isZero();

        JsonNode results = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(results.at("/machine/cores").asInt())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(results.at("/command").asString()).startsWith("./myrmidon bench --tasks 400");
        assertThat(results.at("/date").asString()).startsWith("20");
        List<String> executors = results.at("/rows")
                .valueStream()
                .map(row -> row.get("executor").asString())
                .toList();
        assertThat(executors)
                .containsExactly(
                        "myrmidon",
                        "myrmidon-timed",
                        "semaphore-outside",
                        "semaphore-outside-fair",
                        "semaphore-inside",
                        "thread-pool-virtual",
                        "thread-pool-platform",
                        "unbounded",
                        "jetty",
                        "reactor",
                        "resilience4j",
                        "fork-join",
                        "limit");
        for (JsonNode row : results.get("rows")) {
            assertThat(row.has("failure")).as(row.toString()).isFalse();
            assertThat(row.get("work").asString()).isEqualTo(work);
            assertThat(row.get("submitters").asInt()).isEqualTo(submitters);
            assertThat(row.get("virtual").asBoolean()).isFalse();
            assertThat(row.get("capacity").asInt()).isEqualTo(40);
            assertThat(row.get("tasks").asInt()).isEqualTo(400);
            assertThat(row.at("/rounds/0/tasks").asInt()).isEqualTo(400);
            assertThat(row.at("/tasks_per_second/min").asDouble()).isPositive();
            assertThat(row.at("/tasks_per_second/median").asDouble()).isPositive();
            assertThat(row.at("/tasks_per_second/max").asDouble()).isPositive();
            assertThat(row.get("cpu_seconds_per_million").asDouble()).isNotNegative();
            assertThat(row.get("allocated_bytes_per_task").asDouble()).isNotNegative();
            assertThat(row.get("ratio_to_myrmidon").asDouble()).isPositive();
            assertThat(row.get("peak_rss_bytes").isNull()).isEqualTo(!Files.exists(Path.of("/proc/self/status")));
        }
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(out.toString()).contains(executors);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "start, noop, myrmidon + unbounded, start_nanos, --virtual-submitters",
        "wait, sleep:1ms, myrmidon + semaphore-outside, wait_nanos, --submitters 80"
    })
    void times_starts_and_waits(String measure, String work, String peers, String figure, String more)
            throws Exception {
        Path json = dir.resolve("results.json");
        int status = run(FEW + " --measure " + measure + " --work " + work + " --peers " + peers.replace(" + ", ",")
                + " --json " + json + " " + more);
        assertThat(status).as(err.toString() + out).isZero();
        for (JsonNode row : JsonMapper.shared().readTree(Files.readString(json)).get("rows")) {
            JsonNode times = row.get(figure);
            assertThat(times.get("p50").asLong()).isPositive();
            assertThat(times.get("p99").asLong())
                    .isGreaterThanOrEqualTo(times.get("p50").asLong());
            assertThat(row.get("ratio_to_myrmidon_p99").asDouble()).isPositive();
        }
    }

    @Test
    void says_who_stalls() {
        int status = run("--peers semaphore-outside,unbounded --work sleep:900ms --tasks 2 --warm-up 2 --capacity 4"
                + " --time-limit 1 --rounds 2 --jvm -XX:TieredStopAtLevel=1");
        assertThat(status).isZero();
        assertThat(out.toString())
                .containsPattern("semaphore-outside .*n/a")
                .containsPattern("unbounded .*n/a")
                .contains(" of 4 tasks, warm-up included, ended in 1 s");
    }

    @Test
    void leaves_out_what_cannot_end_in_time() {
        assertThat(run("--peers semaphore-outside --work sleep:2s --tasks 3 --capacity 1 --time-limit 5"))
                .isZero();
        assertThat(out.toString()).contains("not run: 4 tasks that sleep, 1 at once, take 8 s, and the limit is 5 s");
    }

    @Test
    void says_who_runs_out_of_memory() {
        int status = run("--peers semaphore-inside --work sleep:1s --tasks 1000000 --warm-up 1 --capacity 50000"
                + " --heap 24m --rounds 1 --time-limit 60");
        assertThat(status).isZero();
        assertThat(out.toString()).containsPattern("semaphore-inside .*n/a").contains("out of memory: Java heap space");
    }

    @Test
    void a_pool_that_cannot_be_measured_is_a_failure() {
        assertThat(run("--peers myrmidon --work sleep:9s --tasks 1 --capacity 1 --time-limit 1"))
                .isEqualTo(1);
    }

    @Test
    void draws_what_was_measured_before() throws Exception {
        Path json = dir.resolve("results.json");
        Path svg = dir.resolve("results.svg");
        assertThat(run(FEW + " --peers myrmidon,limit --json " + json)).isZero();
        String measured = out.toString();
        out.getBuffer().setLength(0);

        assertThat(run("--from " + json + " --from " + json + " --svg " + svg)).isZero();
        assertThat(out.toString()).isEqualTo(measured + measured);
        assertThat(Files.readString(svg)).startsWith("<svg").contains("myrmidon", "limit", "noop, capacity 40");
    }

    @Test
    void says_before_it_measures_that_a_file_cannot_be_written() {
        assertThat(run("--peers myrmidon --json " + dir.resolve("missing/results.json")))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("myrmidon bench: no such file or directory: ")
                .contains("missing");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void refuses_to_draw_what_is_no_result() throws Exception {
        Path file = Files.writeString(dir.resolve("results.json"), "{");
        assertThat(run("--from " + file)).isEqualTo(2);
        assertThat(err.toString()).contains("results.json is not what --json writes");
        assertThat(run("--from " + dir.resolve("missing.json"))).isEqualTo(1);
    }

    private int run(String line) {
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(line.split(" "));
    }
}
