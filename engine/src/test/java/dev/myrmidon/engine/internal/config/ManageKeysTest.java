package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.OtlpConfig;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import dev.myrmidon.manage.TrackerConfig;
import dev.myrmidon.manage.alarm.AlarmLevels;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.WebhookConfig;
import dev.myrmidon.manage.alarm.WebhookTemplate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The keys of what looks at pools and steers them.
class ManageKeysTest {
    private static final String OTLP = "metrics: { otlp: { %s } }";
    private static final String URL = "https://hooks.example.com/T0/secret";

    @TempDir
    Path folder;

    @Test
    void scaling() throws IOException {
        EngineConfig config = read("""
                pool: { size: 100, scaling: { min: 50, max: 2000 } }
                pools:
                  images:
                    size: 200
                    timed: true
                    scaling: { min: 50, max: 2000, grow_above: 0.9, shrink_below: 0.2, interval: "1s", cool_down: "3s" }
                  a: { size: 200, scaling: { min: 1, max: 200, strategy: aimd, increase: 5, decrease: 0.5 } }
                  b:
                    size: 9
                    timed: true
                    scaling: { min: 1, max: 9, strategy: aimd, max_failure_rate: 0.01, max_run_time: "250ms" }
                  g: { size: 9, timed: true, scaling: { min: 1, max: 9, strategy: gradient } }
                  f: { size: 9, scaling: { min: 1, max: 9, strategy: fixed } }
                """).config();

        assertThat(config.scaling())
                .containsEntry("default", ScalingConfig.between(50, 2000))
                .containsEntry(
                        "images",
                        ScalingConfig.between(50, 2000)
                                .strategy(ScalingStrategy.threshold(0.9, 0.2))
                                .interval(Duration.ofSeconds(1))
                                .coolDown(Duration.ofSeconds(3)))
                .containsEntry(
                        "a", ScalingConfig.between(1, 200).strategy(ScalingStrategy.aimd(5, 0.5, 0.05, Pool.NEVER)))
                .containsEntry(
                        "b",
                        ScalingConfig.between(1, 9)
                                .strategy(ScalingStrategy.aimd(10, 0.9, 0.01, Duration.ofMillis(250))))
                .containsEntry("g", ScalingConfig.between(1, 9).strategy(ScalingStrategy.gradient()))
                .containsEntry("f", ScalingConfig.between(1, 9).strategy(ScalingStrategy.fixed()))
                .hasSize(6);
    }

    @Test
    void scalingByDefaultIsAsTheLibraryHasIt() throws IOException {
        EngineConfig config = read("pool: { size: 9, scaling: { min: 1, max: 9, strategy: aimd } }")
                .config();
        assertThat(config.scaling().get("default").strategy()).isEqualTo(ScalingStrategy.aimd());
    }

    @Test
    void monitorAndTracker() throws IOException {
        assertThat(read("monitor: { interval: \"1s\" }").config().monitor())
                .isEqualTo(MonitorConfig.every(Duration.ofSeconds(1)));
        assertThat(read("monitor: { interval: \"1s\", window: \"10s\", history: \"1h\" }")
                        .config()
                        .monitor())
                .isEqualTo(new MonitorConfig(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofHours(1)));
        assertThat(read("tracker: { per_outcome: 5 }").config().tracker())
                .contains(new TrackerConfig(5, TrackerConfig.DEFAULT.maxAge()));
        assertThat(read("tracker: { max_age: \"0s\" }").config().tracker())
                .contains(new TrackerConfig(TrackerConfig.DEFAULT.perOutcome(), Pool.NEVER));
        assertThat(read("tracker: {}").config().tracker()).isEmpty();
    }

    @Test
    void alarms() throws IOException {
        EngineConfig config = read("""
                alarms:
                  pool_usage: 0.9
                  heap: "1GB"
                  task_age: "30s"
                  waiting: 10
                  overdue: { threshold: 2, resolve: 1, for: "5s", quiet: "1m" }
                  starvation: { threshold: "1s" }
                  least_tasks: 5
                  growth_window: "2h"
                  webhook: { url: "https://hooks.example.com/T0/secret", template: slack, retries: 1 }
                """).config();

        assertThat(config.alarms().levels())
                .containsEntry(AlarmType.POOL_USAGE, AlarmType.POOL_USAGE.at(0.9))
                .containsEntry(AlarmType.HEAP, AlarmType.HEAP.at(1L << 30).resolve(966_367_642))
                .containsEntry(AlarmType.TASK_AGE, AlarmType.TASK_AGE.at(30))
                .containsEntry(AlarmType.WAITING, AlarmType.WAITING.at(10))
                .containsEntry(AlarmType.OVERDUE, new AlarmLevels(2, 1, Duration.ofSeconds(5), Duration.ofMinutes(1)))
                .containsEntry(AlarmType.STARVATION, AlarmType.STARVATION.at(1))
                .hasSize(6);
        assertThat(config.alarms().leastTasks()).isEqualTo(5);
        assertThat(config.alarms().growthWindow()).isEqualTo(Duration.ofHours(2));
        assertThat(config.webhook())
                .contains(new WebhookConfig(
                        URI.create(URL),
                        WebhookTemplate.SLACK,
                        Duration.ofSeconds(5),
                        1,
                        Duration.ofSeconds(1),
                        Optional.empty()));
    }

    @Test
    void otlp() throws IOException {
        assertThat(read("pool:").config().otlp()).isEmpty();
        assertThat(read("metrics: { otlp: {} }").config().otlp()).isEmpty();
        assertThat(read(OTLP.formatted("url: \"http://127.0.0.1:4318/v1/metrics\""))
                        .config()
                        .otlp())
                .contains(OtlpConfig.of(URI.create("http://127.0.0.1:4318/v1/metrics")));
        assertThat(read(OTLP.formatted("url: \"https://o.example.com/x?y=z\", interval: \"5s\","
                                + " headers: { Authorization: \"Bearer a\", X-Scope-OrgID: 7 }"))
                        .config()
                        .otlp())
                .contains(new OtlpConfig(
                        URI.create("https://o.example.com/x?y=z"),
                        Duration.ofSeconds(5),
                        Map.of("Authorization", "Bearer a", "X-Scope-OrgID", "7")));
    }

    @Test
    void whatCollectorsDontListenToIsWorthAWarning() throws IOException {
        assertThat(read(OTLP.formatted("url: \"http://x:4317\"")).warnings())
                .satisfiesExactly(
                        port -> assertThat(port).contains("metrics.otlp.url: collectors speak gRPC at port 4317"),
                        path -> assertThat(path).contains("metrics.otlp.url: has no path"));
        assertThat(read(OTLP.formatted("url: \"http://x:4318/v1/metrics\"")).warnings())
                .isEmpty();
    }

    @Test
    void secretsOfTheExportAreToldApartAndNotShown() throws IOException {
        String yaml = OTLP.formatted("url: \"http://x/y?k=%s\", headers: { Authorization: \"%s\" }");
        EngineConfig one = read(yaml.formatted("word-1", "word-2")).config();
        EngineConfig other = read(yaml.formatted("word-3", "word-4")).config();
        assertThat(ConfigWriter.writeWithoutSecrets(one))
                .contains("http://x/y", "Authorization")
                .doesNotContain("word");
        assertThat(ConfigDiff.between(one, other).changes())
                .satisfiesExactly(
                        url -> assertThat(url).startsWith("metrics.otlp.url http://x/y"),
                        header -> assertThat(header).startsWith("metrics.otlp.headers.Authorization "))
                .noneMatch(change -> change.contains("word"));
        assertThat(ConfigDiff.between(one, other).needRestart()).isEmpty();
        assertThat(one.otlp().orElseThrow().toString())
                .contains("http://x/y", "Authorization")
                .doesNotContain("word");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics: { otlp: \"https://o.example.com/secret\" }",
                "metrics: { otlp: { url: \"http://x/y\", headers: \"Authorization: secret\" } }",
                "metrics: { otlp: { url: \"http://x/y\", headers: { Authorization: { Bearer: secret } } } }",
                "metrics: { otlp: { url: \"http://x/y\", headers: { Authorization: \"secret\\n\" } } }",
                "metrics: { otlp: { url: \"http://x/y?a=secret b\" } }",
            })
    void aMistakeInTheExportShowsNoSecret(String yaml) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(yaml));
        assertThat(e.mistakes())
                .singleElement()
                .asString()
                .contains("metrics.otlp")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool: { size: 9, scaling: { min: 1, max: 9, strategy: aimd, decrease: 0.333 } }",
                "pools: { a: { size: 9, timed: true, scaling: { min: 1, max: 9, strategy: gradient } } }",
                "monitor: { interval: \"100ms\", window: \"1s\" }\ntracker: { per_outcome: 7 }",
                "alarms: { pool_usage: 0.0000000001, failure_rate: 0.0000000006 }",
                "alarms: { pool_usage: 0.7, heap: \"1.3GB\", task_age: \"3ms\", pinned: \"7us\", rejections: 3 }",
                "alarms: { webhook: { url: \"http://127.0.0.1:8080/a?b=%22\", template: dingtalk, secret: 'a\"b\\c' } }",
                "metrics: { otlp: { url: \"http://127.0.0.1:4318/a?b=%22\", interval: \"90s\" } }",
                "metrics: { otlp: { url: \"http://x/\", headers: { a.b: 'a\"b\\c', \"on\": \"\", \"1\": 0x10 } } }",
            })
    void whatIsWrittenMeansTheSame(String yaml) throws IOException {
        EngineConfig config = read(yaml).config();
        assertThat(read(ConfigWriter.write(config)).config()).isEqualTo(config);
    }

    @Test
    void secretsAreToldApartAndNotShown() throws IOException {
        String yaml = "alarms: { webhook: { url: \"%s\", template: dingtalk, secret: \"%s\" } }";
        EngineConfig one = read(yaml.formatted(URL, "word-1")).config();
        EngineConfig other = read(yaml.formatted(URL + "2", "word-2")).config();
        assertThat(ConfigWriter.writeWithoutSecrets(one))
                .contains("https://hooks.example.com")
                .doesNotContain("/T0")
                .doesNotContain("word-1")
                .isEqualTo(ConfigWriter.writeWithoutSecrets(one));
        assertThat(ConfigDiff.between(one, other).changes())
                .hasSize(2)
                .allMatch(change -> change.startsWith("alarms.webhook."))
                .noneMatch(change -> change.contains("secret2") || change.contains("word"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alarms: { webhook: \"https://hooks.example.com/T0/secret\" }",
                "alarms:\n  webhook:\n    url:https://hooks.example.com/T0/secret\n",
            })
    void aMistakeShowsNoSecret(String yaml) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(yaml));
        assertThat(e.mistakes())
                .singleElement()
                .asString()
                .contains("alarms.webhook: expected keys and values, found a single value")
                .doesNotContain("secret");
    }

    static Stream<Arguments> mistakes() {
        String scaling = "pool: { size: 5, scaling: { %s } }";
        return Stream.of(
                arguments(scaling.formatted("min: 1"), "1:27: pool.scaling: needs both min and max, between which"),
                arguments(
                        scaling.formatted("min: 3, max: 2"),
                        "pool.scaling.min: 3 is out of range: must be at most max, 2"),
                arguments(
                        scaling.formatted("min: 0, max: 2"),
                        "pool.scaling.min: 0 is out of range: must be 1 to 2147483647"),
                arguments(
                        scaling.formatted("min: 1, max: 2, strategy: magic"),
                        "pool.scaling.strategy: \"magic\" is not a strategy: must be threshold, aimd, gradient, fixed"),
                arguments(
                        scaling.formatted("min: 1, max: 9, strategy: gradient"),
                        "pool.scaling.strategy: gradient looks at run times, which need \"timed: true\" in the pool"),
                arguments(
                        scaling.formatted("min: 1, max: 9, increase: 3"),
                        "pool.scaling.increase: is a key of strategy aimd, but strategy is threshold"),
                arguments(
                        scaling.formatted("min: 1, max: 9, grow_above: 80 %"),
                        "pool.scaling.grow_above: \"80 %\" is a percentage (try 0.8)"),
                arguments(
                        scaling.formatted("min: 1, max: 9, grow_above: 1.5"),
                        "pool.scaling.grow_above: 1.5 is out of range: must be above 0 and at most 1"),
                arguments(
                        scaling.formatted("min: 1, max: 9, grow_above: high"),
                        "pool.scaling.grow_above: \"high\" is not a number like 0.8"),
                arguments(
                        scaling.formatted("min: 1, max: 9, grow_above: \"0.5\""),
                        "pool.scaling.grow_above: \"0.5\" is a string, not a number (try 0.5)"),
                arguments(
                        scaling.formatted("min: 1, max: 9, grow_above: 0.5, shrink_below: 0.3"),
                        "pool.scaling.shrink_below: 0.3 is out of range: must be at most half of grow_above, 0.25"),
                arguments(
                        scaling.formatted("min: 1, max: 9, interval: \"0s\""),
                        "pool.scaling.interval: \"0s\" is out of range: must be 1ms to 24h"),
                arguments(
                        "pool: { size: -1, scaling: { min: 1, max: 9 } }",
                        "pool.scaling: an unbounded pool can't be scaled: give it a size of at least 1"),
                arguments(
                        "pool: { size: 5, scaling: { min: 1, max: 9, intervall: \"1s\" } }",
                        "pool.scaling.intervall: unknown key, did you mean \"interval\"?"),
                arguments("monitor: { interval: 5 }", "monitor.interval: 5 has no unit (try \"5s\")"),
                arguments(
                        "monitor: { interval: \"1s\", window: \"10ms\" }",
                        "monitor.window: \"10ms\" is out of range: must be 1 to 1000 intervals of 1s"),
                arguments(
                        "tracker: { per_outcome: 0 }", "tracker.per_outcome: 0 is out of range: must be 1 to 1000000"),
                arguments("alarms: { pool_usag: 0.9 }", "alarms.pool_usag: unknown key, did you mean \"pool_usage\"?"),
                arguments(
                        "alarms: { pool_usage: 90 }",
                        "alarms.pool_usage: 90 is out of range: must be above 0 and at most 1"),
                arguments("alarms: { waiting: 0.5 }", "alarms.waiting: 0.5 is out of range: must be at least 1"),
                arguments("alarms: { heap: 1000000 }", "alarms.heap: 1000000 has no unit (try \"1GB\")"),
                arguments(
                        "alarms: { heap: \"a lot\" }", "alarms.heap: \"a lot\" is not a size: write it like \"512MB\""),
                arguments("alarms: { task_age: \"0s\" }", "alarms.task_age: \"0s\" is out of range: must be positive"),
                arguments(
                        "alarms: { heap: }",
                        "alarms.heap: has no value; expected a threshold (without the key there is no such alarm)"),
                arguments("alarms: { overdue: { for: \"1s\" } }", "alarms.overdue: needs a threshold"),
                arguments(
                        "alarms: { overdue: { threshold: 1, resolve: 2 } }",
                        "alarms.overdue.resolve: must be at most the threshold, or it never rests"),
                arguments("alarms: { webhook: { template: slack } }", "alarms.webhook: needs a url"),
                arguments(
                        "alarms: { webhook: { url: \"ftp://x\" } }",
                        "alarms.webhook: url must start with http:// or https://"),
                arguments(
                        "alarms: { webhook: { url: \"http://x\", template: teams } }",
                        "alarms.webhook.template: \"teams\" is not a template: must be json, slack, dingtalk, wecom"),
                arguments(
                        "alarms: { webhook: { url: \"http://x\", secret: s } }",
                        "alarms.webhook: secret needs the template dingtalk, was json"),
                arguments("metrics: { prometheus: 1 }", "metrics.prometheus: unknown key; the keys here are otlp"),
                arguments(OTLP.formatted("interval: \"1m\""), "metrics.otlp: needs a url"),
                arguments(
                        OTLP.formatted("url: \"127.0.0.1:4318\""), "metrics.otlp.url: is not a URL: Illegal character"),
                arguments(OTLP.formatted("url: \"grpc://x\""), "metrics.otlp: url must start with http:// or https://"),
                arguments(OTLP.formatted("url: \"http:///v1\""), "metrics.otlp: url must have a host"),
                arguments(OTLP.formatted("url: \"http://x:0/\""), "port of the url must be 1 to 65535, was 0"),
                arguments(
                        OTLP.formatted("url: \"http://a:b@x/\""), "metrics.otlp: url must not have a user or password"),
                arguments(OTLP.formatted("url: \"http://x/#y\""), "metrics.otlp: url must not have a fragment"),
                arguments(
                        OTLP.formatted("url: \"http://x/\", interval: \"999ms\""),
                        "metrics.otlp.interval: \"999ms\" is out of range: must be 1s to 24h"),
                arguments(
                        OTLP.formatted("url: \"http://x/\", headers: { \"a b\": c }"),
                        "metrics.otlp: headers must have names of letters, digits and dashes, was \"a b\""),
                arguments(
                        OTLP.formatted("url: \"http://x/\", headers: { Content-Type: c }"),
                        "metrics.otlp: headers must not have Content-Type: the export sets it itself"),
                arguments(
                        OTLP.formatted("url: \"http://x/\", headers: { a: b, A: b }"),
                        "metrics.otlp: headers must have each name once, was twice A"),
                arguments(
                        OTLP.formatted("url: \"http://x/\", headers: { a: }"),
                        "metrics.otlp.headers.a: has no value; expected the value of a header"));
    }

    @ParameterizedTest
    @MethodSource
    void mistakes(String yaml, String mistake) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(yaml));
        assertThat(e.mistakes()).singleElement().asString().contains(mistake);
    }

    @Test
    void aSizeOutOfBoundsIsWorthAWarning() throws IOException {
        assertThat(read("pool: { size: 5, scaling: { min: 10, max: 20 } }").warnings())
                .singleElement()
                .asString()
                .endsWith(
                        "pool.scaling: the size 5 is not between min and max, and becomes 10 after the first interval");
    }

    /// What `docs/config.md` lists, against what the reader knows: it names all keys where it meets a strange one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "qqqqqqqq: 1",
                "pool: { qqqqqqqq: 1 }",
                "pool: { queue: { qqqqqqqq: 1 } }",
                "pool: { scaling: { min: 1, max: 1, qqqqqqqq: 1 } }",
                "monitor: { qqqqqqqq: 1 }",
                "tracker: { qqqqqqqq: 1 }",
                "alarms: { qqqqqqqq: 1 }",
                "alarms: { overdue: { threshold: 1, qqqqqqqq: 1 } }",
                "alarms: { webhook: { url: \"http://x\", qqqqqqqq: 1 } }",
                "management: { qqqqqqqq: 1 }",
                "management: { tls: { certificate: c, key: k, qqqqqqqq: 1 } }",
                "metrics: { qqqqqqqq: 1 }",
                "metrics: { otlp: { url: \"http://x/y\", qqqqqqqq: 1 } }",
                "shutdown: { qqqqqqqq: 1 }",
            })
    void everyKeyIsDocumented(String yaml) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "config.md"));
        String mistake = catchThrowableOfType(ConfigException.class, () -> read(yaml))
                .mistakes()
                .getFirst();
        String keys = mistake.substring(mistake.indexOf("the keys here are ") + "the keys here are ".length());
        assertThat(keys.split(", ")).allSatisfy(key -> assertThat(page).containsPattern("[`.]" + key + "[`.]"));
    }

    private ConfigFile read(String yaml) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.yaml"), yaml));
    }
}
