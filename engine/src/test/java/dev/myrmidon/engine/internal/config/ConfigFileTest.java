package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a good file means, and of what it warns. What is refused: [ConfigMistakesTest].
class ConfigFileTest {
    @TempDir
    Path folder;

    @Test
    void theFiveKeysOfTheOriginAreTheDefaults() throws IOException {
        ConfigFile file = read("""
                pool:
                  size: 50000                         # 协程池大小
                  expiry_duration: "10s"              # 协程过期时间
                  pre_alloc: true                     # 是否预分配内存
                  max_blocking_tasks: 10000           # 最大阻塞任务数
                  nonblocking: false                  # 是否为非阻塞模式
                """);

        assertThat(file.config()).isEqualTo(EngineConfig.defaults());
        assertThat(file.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# only a comment",
                "---\n",
                "--- # a comment\n...\n",
                "{}",
                "pool:",
                "pool: {}\npools: {}\nshutdown: {}",
                "pool:\n  # size: 5\npools:\nshutdown:\n",
                "pool: { queue: }",
                "\uFEFFpool:\r\n  size: 50000\r\n",
            })
    void whatIsLeftOutHasItsDefault(String yaml) throws IOException {
        ConfigFile file = read(yaml);

        assertThat(file.config()).isEqualTo(EngineConfig.defaults());
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    void everyKeyIsRead() throws IOException {
        EngineConfig config = read("""
                pool:
                  size: 7
                  expiry_duration: 1m30s
                  pre_alloc: false
                  max_blocking_tasks: 3
                  nonblocking: true
                  queue: { capacity: 11, order: fifo }
                  task_timeout: 30s
                  start_within: 500ms
                  isolated: true
                  timed: true
                pools:
                  zebra: { size: 2 }
                  ape: { expiry_duration: PT5S }
                shutdown: { grace: 5s }
                """).config();

        PoolConfig pool = config.pool();
        assertThat(pool.name()).isEqualTo("default");
        assertThat(pool.capacity()).isEqualTo(7);
        assertThat(pool.expiry()).isEqualTo(Duration.ofSeconds(90));
        assertThat(pool.preallocate()).isFalse();
        assertThat(pool.maxBlockingTasks()).isEqualTo(3);
        assertThat(pool.whenSaturated()).isEqualTo(SaturationPolicy.refuse());
        assertThat(pool.queueCapacity()).isEqualTo(11);
        assertThat(pool.queueOrder()).isEqualTo(QueueOrder.fifo());
        assertThat(pool.taskTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(pool.startWithin()).isEqualTo(Duration.ofMillis(500));
        assertThat(pool.isolated()).isTrue();
        assertThat(pool.timed()).isTrue();
        assertThat(config.pools().keySet()).as("in the order of the file").containsExactly("zebra", "ape");
        assertThat(config.pools().get("zebra"))
                .isEqualTo(withName("zebra").capacity(2).config());
        assertThat(config.pools().get("ape"))
                .isEqualTo(withName("ape").expiry(Duration.ofSeconds(5)).config());
        assertThat(config.grace()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theNumbersOfTheOriginKeepTheirMeaning() throws IOException {
        PoolConfig pool =
                read("pool: { size: -1, max_blocking_tasks: 0, expiry_duration: 0s, queue: { capacity: -1 } }")
                        .config()
                        .pool();

        assertThat(pool.capacity()).isEqualTo(Pool.UNBOUNDED);
        assertThat(pool.maxBlockingTasks()).isEqualTo(Pool.UNBOUNDED);
        assertThat(pool.expiry()).isEqualTo(Pool.NEVER);
        assertThat(pool.queueCapacity()).isEqualTo(Pool.UNBOUNDED);
        assertThat(pool.preallocate()).as("can't be, and wasn't asked for").isFalse();
    }

    @Test
    void everyDurationOfZeroIsNever() throws IOException {
        PoolConfig pool = read("pool: { expiry_duration: 0s, task_timeout: 0s, start_within: PT0S,"
                        + " queue: { order: priority, aging: 0s } }")
                .config()
                .pool();

        assertThat(pool.expiry()).isEqualTo(Pool.NEVER);
        assertThat(pool.taskTimeout()).isEqualTo(Pool.NEVER);
        assertThat(pool.startWithin()).isEqualTo(Pool.NEVER);
        assertThat(pool.queueOrder()).isEqualTo(QueueOrder.priority(Pool.NEVER));
    }

    @Test
    void aQueueByPriority() throws IOException {
        ConfigFile byDefault = read("pool: { queue: { order: priority } }");
        ConfigFile own = read("pool: { queue: { aging: 1m, order: priority, capacity: 5 } }");

        assertThat(byDefault.config().pool().queueOrder()).isEqualTo(QueueOrder.priority());
        assertThat(byDefault.config().pool().preallocate())
                .as("there is nothing to allocate")
                .isFalse();
        assertThat(byDefault.warnings()).isEmpty();
        assertThat(own.config().pool().queueOrder()).isEqualTo(QueueOrder.priority(Duration.ofMinutes(1)));
        assertThat(own.warnings()).isEmpty();
    }

    @Test
    void warnsOfPrioritiesThatDoNotWork() throws IOException {
        assertThat(read("""
                pools:
                  a:
                    nonblocking: true
                    queue: { capacity: 1, order: priority }
                  b:
                    nonblocking: true
                    queue: { order: priority, aging: 0s }
                  c:
                    pre_alloc: true
                    queue: { order: priority }
                """).warnings())
                .filteredOn(warning -> !warning.contains(".nonblocking: "))
                .containsExactly(
                        at(
                                "7:21: warning: pools.b.queue.order: priority has nothing to order: with nonblocking true and a"
                                        + " queue of capacity 0, no task waits (try queue.capacity 1000)"),
                        at("7:38: warning: pools.b.queue.aging: 0s is never: a low task doesn't start while higher ones"
                                + " keep coming (try \"10s\")"),
                        at("9:16: warning: pools.c.pre_alloc: true has no effect while queue.order is priority"));
    }

    @Test
    void theLimitsAreAllowed() throws IOException {
        PoolConfig pool =
                read("pool: { size: 2147483647, max_blocking_tasks: 2147483647, queue: { capacity: 2147483647 } }")
                        .config()
                        .pool();

        assertThat(pool.capacity()).isEqualTo(Integer.MAX_VALUE);
        assertThat(pool.maxBlockingTasks()).isEqualTo(Integer.MAX_VALUE);
        assertThat(pool.queueCapacity()).isEqualTo(Integer.MAX_VALUE);
        assertThat(read("pool: { size: 1, max_blocking_tasks: 1, expiry_duration: 1ns }\nshutdown: { grace: 0s }")
                        .config()
                        .pool()
                        .expiry())
                .isEqualTo(Duration.ofNanos(1));
        assertThat(read("pool: { size: 67108864 }").config().pool().preallocate())
                .isTrue();
        assertThat(read("pool: { size: 67108865 }").config().pool().preallocate())
                .isFalse();
    }

    @Test
    void aNameCanLookLikeSomethingElse() throws IOException {
        assertThat(read("pools: { 1: {}, true: {}, \"null\": {}, 1.5: {}, A-b_c.d: {} }")
                        .config()
                        .pools()
                        .keySet())
                .containsExactly("1", "true", "null", "1.5", "A-b_c.d");
    }

    @Test
    void warnsOfWhatTheOriginCallsProblematic() throws IOException {
        assertThat(read("""
                pool:
                  size: 50000
                  expiry_duration: "0s"
                  pre_alloc: false
                  max_blocking_tasks: 0
                  nonblocking: true
                """).warnings())
                .containsExactly(
                        at("3:20: warning: pool.expiry_duration: 0s is never: idle workers stay, and the memory of the"
                                + " busiest moment is never given back (try \"10s\")"),
                        at(
                                "4:14: warning: pool.pre_alloc: false at size 50000: the way of the tasks to the workers grows,"
                                        + " copying itself, while a first burst arrives (try true)"),
                        at(
                                "5:23: warning: pool.max_blocking_tasks: 0 is unlimited: while the pool is saturated, waiting"
                                        + " submitters can pile up until memory ends (try 10000); no effect while nonblocking is"
                                        + " true"),
                        at(
                                "6:16: warning: pool.nonblocking: a file can't name a handler of refusals: a submitter that finds"
                                        + " no room gets a PoolSaturatedException at once, and unless it catches that, the task is"
                                        + " lost"));
    }

    @Test
    void warnsOfWhatHasNoBound() throws IOException {
        assertThat(read("""
                pools:
                  a:
                    size: -1
                  b:
                    max_blocking_tasks: 0
                  c:
                    queue:
                      capacity: -1
                  d:
                    size: 67108865
                """).warnings())
                .containsExactly(
                        at(
                                "3:11: warning: pools.a.size: -1 is unbounded: nothing limits how many tasks run at once, or their"
                                        + " memory"),
                        at(
                                "5:25: warning: pools.b.max_blocking_tasks: 0 is unlimited: while the pool is saturated, waiting"
                                        + " submitters can pile up until memory ends (try 10000)"),
                        at(
                                "8:17: warning: pools.c.queue.capacity: -1 is unbounded: when tasks arrive faster than they end,"
                                        + " the queue grows until memory ends"),
                        at(
                                "10:11: warning: pools.d.pre_alloc: false at size 67108865: the way of the tasks to the workers"
                                        + " grows, copying itself, while a first burst arrives"));
    }

    @Test
    void aSmallPoolNeedsNoPreallocation() throws IOException {
        assertThat(read("pool: { size: 49999, pre_alloc: false }").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# the defaults",
                "pool: { size: -1, max_blocking_tasks: 0, expiry_duration: 0s, queue: { capacity: -1 } }",
                "pool: { size: 100000000 }",
                "pool: { size: 3, nonblocking: true, pre_alloc: false, max_blocking_tasks: 9 }\nshutdown: { grace: 0s }",
                "pools: { 1: { size: 1 }, true: { expiry_duration: 1h2m3.004005006s }, \"null\": {}, x.y-z: { size: 2 } }\n"
                        + "shutdown: { grace: 1ns }",
                "pool: { expiry_duration: 2562047h47m16.854775807s }",
                "pool: { queue: { order: priority } }",
                "management: { port: 0 }",
                "management: { host: \"::1\", port: 65535, token_file: 'to \"ken' }",
                "management: { tls: { certificate: 'a \"b.pem', key: /etc/k } }",
                "pool: { queue: { capacity: 3, order: priority, aging: 0s }, task_timeout: 1s, start_within: 90s }",
                "pool: { queue: { order: priority, aging: 1m1ms } }\npools: { a: { isolated: true, timed: true } }",
            })
    void whatIsWrittenMeansTheSame(String yaml) throws IOException {
        EngineConfig config = read(yaml).config();

        String written = ConfigWriter.write(config);

        EngineConfig again = read(written).config();
        assertThat(again).isEqualTo(config);
        assertThat(again.pools().keySet())
                .containsExactlyElementsOf(config.pools().keySet());
        assertThat(ConfigWriter.write(again)).isEqualTo(written);
    }

    @Test
    void managementHasItsDefaultsAndIsOnlyThereIfGiven() throws IOException {
        assertThat(read("pool: { size: 1 }").config().management()).isEmpty();
        assertThat(read("management: { host: localhost }").config().management())
                .contains(new ManagementConfig("localhost", 8080, Optional.empty()));
        assertThat(read("management: { host: 127.0.0.1, port: 1 }").warnings()).isEmpty();
        assertThat(read("management: { host: 0.0.0.0, token_file: t }").warnings())
                .isEmpty();
        assertThat(read("management: { host: 0.0.0.0 }").warnings())
                .containsExactly(
                        at("1:21: warning: management.host: others may reach \"0.0.0.0\"; the engine starts only"
                                + " with a token_file, or MYRMIDON_TOKEN in its environment"));
    }

    @Test
    void managementThatMakesNoSenseIsTold() throws IOException {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("management: { host: \"a b\", port: 65536, token_file: \" \", hots: x }"))
                .satisfies(e -> assertThat(e.mistakes())
                        .containsExactly(
                                at("1:21: management.host: \"a b\" is not an address or a name of this machine, such as"
                                        + " 127.0.0.1"),
                                at("1:34: management.port: 65536 is out of range: must be 0 to 65535"),
                                at("1:53: management.token_file: \" \" is not a path: it is blank"),
                                at("1:58: management.hots: unknown key, did you mean \"host\"?")));
    }

    @Test
    void aSectionWithNothingInItThatThereforeDoesNothingIsDoubtful() throws IOException {
        assertThat(read("""
                pool: { scaling: {} }
                management:
                metrics: { otlp: {} }
                tracker: {}
                """).warnings())
                .containsExactly(
                        at("1:18: warning: pool.scaling: has no keys, so the size stays"),
                        at("2:12: warning: management: has no keys, so nothing is served"),
                        at("3:18: warning: metrics.otlp: has no keys, so nothing is sent"),
                        at("4:10: warning: tracker: has no keys, so no task is remembered"));
        assertThat(read("management: { port: 1, tls: {} }").warnings())
                .containsExactly(at("1:29: warning: management.tls: has no keys, so HTTP is in the clear"));
    }

    @Test
    void tlsNeedsBothFiles() throws IOException {
        assertThat(read("management: { tls: { certificate: c.pem, key: k.pem } }")
                        .config()
                        .management())
                .contains(ManagementConfig.DEFAULT.tls(new TlsConfig(Path.of("c.pem"), Path.of("k.pem"))));
        assertThat(read("management: { port: 1, tls: {} }").config().management())
                .contains(ManagementConfig.DEFAULT.port(1));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("management: { tls: { key: k.pem } }"))
                .satisfies(e -> assertThat(e.mistakes())
                        .containsExactly(at("1:20: management.tls: needs both certificate and key, which are paths of"
                                + " PEM files")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("management: { tls: { certificate: \"\", key: k.pem } }"))
                .satisfies(e -> assertThat(e.mistakes())
                        .containsExactly(at("1:35: management.tls.certificate: \"\" is not a path: it is blank")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("management: { tls: true }"))
                .satisfies(e -> assertThat(e.mistakes())
                        .containsExactly(at("1:20: management.tls: expected keys and values, found true")));
    }

    @Test
    void everyKeyIsWritten() {
        assertThat(ConfigWriter.write(new EngineConfig(
                        EngineConfig.defaults().pool(),
                        Map.of("images", withName("images").capacity(200).config()),
                        Duration.ofSeconds(30))))
                .isEqualTo("""
                        pool:
                          size: 50000
                          expiry_duration: "10s"
                          pre_alloc: true
                          max_blocking_tasks: 10000
                          nonblocking: false
                          queue: { capacity: 0, order: fifo }
                          task_timeout: "0s"
                          start_within: "0s"
                          isolated: false
                          timed: false
                        pools:
                          "images":
                            size: 200
                            expiry_duration: "10s"
                            pre_alloc: true
                            max_blocking_tasks: 10000
                            nonblocking: false
                            queue: { capacity: 0, order: fifo }
                            task_timeout: "0s"
                            start_within: "0s"
                            isolated: false
                            timed: false
                        monitor: { interval: "5s", window: "1m", history: "15m" }
                        alarms:
                          least_tasks: 20
                          growth_window: "1h"
                        shutdown: { grace: "30s" }
                        """);
    }

    private static PoolBuilder withName(String name) {
        return Pool.builder(name).capacity(50_000).maxBlockingTasks(10_000).preallocate(true);
    }

    private String at(String finding) {
        return folder.resolve("config.yaml") + ":" + finding;
    }

    private ConfigFile read(String yaml) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.yaml"), yaml));
    }
}
