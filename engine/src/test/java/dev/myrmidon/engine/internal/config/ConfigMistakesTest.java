package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.myrmidon.engine.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind of broken file, with every word of what is said about it.
class ConfigMistakesTest {
    private static final String POOL_KEYS =
            "unknown key; the keys here are size, expiry_duration, pre_alloc, max_blocking_tasks, nonblocking, queue,"
                    + " task_timeout, start_within, isolated, timed, scaling";
    private static final String NO_ANCHORS = "anchors and aliases are not supported here";

    @TempDir
    Path folder;

    static Stream<Arguments> values() {
        String range = "is out of range: must be 1 to 2147483647, or -1 for unbounded";
        return Stream.of(
                arguments("size: 0", "9: pool.size: 0 " + range),
                arguments("size: -2", "9: pool.size: -2 " + range),
                arguments("size: 2147483648", "9: pool.size: 2147483648 " + range),
                arguments("size: -2147483649", "9: pool.size: -2147483649 " + range),
                arguments("size: " + "9".repeat(1000), "9: pool.size: " + "9".repeat(60) + "… " + range),
                arguments("size: \"50000\"", "9: pool.size: \"50000\" is a string, not a number (try 50000)"),
                arguments("size: 50_000", "9: pool.size: \"50_000\" is not a whole number (try 50000)"),
                arguments("size: 50,000", "9: pool.size: \"50,000\" is not a whole number (try 50000)"),
                arguments("size: 1.5", "9: pool.size: 1.5 is not a whole number"),
                arguments("size: 5e4", "9: pool.size: 5e4 is not a whole number"),
                arguments("size: .inf", "9: pool.size: .inf is not a whole number"),
                arguments("size: 0x10", "9: pool.size: 0x10 is not a whole number"),
                arguments("size: 010", "9: pool.size: 010 starts with a zero (try 10)"),
                arguments("size: ten", "9: pool.size: \"ten\" is not a whole number"),
                arguments("size: true", "9: pool.size: true is not a whole number"),
                arguments("size: \"\"", "9: pool.size: \"\" is not a whole number"),
                arguments("size: \"a\\nb\\u0000\"", "9: pool.size: \"a\\nb\\u0000\" is not a whole number"),
                arguments("size:", "3: pool.size: has no value; expected a whole number (without the key it is 50000)"),
                arguments(
                        "size: ~", "3: pool.size: has no value; expected a whole number (without the key it is 50000)"),
                arguments("size: { a: 1 }", "9: pool.size: expected a whole number, found keys and values"),
                arguments("size: [1, 2]", "9: pool.size: expected a whole number, found a list"),
                arguments(
                        "expiry_duration: \"10 sec\"",
                        "20: pool.expiry_duration: \"10 sec\" is not a duration (try \"10s\")"),
                arguments("expiry_duration: 10", "20: pool.expiry_duration: 10 has no unit (try \"10s\")"),
                arguments("expiry_duration: 1.5", "20: pool.expiry_duration: 1.5 has no unit (try \"1.5s\")"),
                arguments("expiry_duration: -7", "20: pool.expiry_duration: -7 has no unit (try \"10s\")"),
                arguments(
                        "expiry_duration: -5s",
                        "20: pool.expiry_duration: \"-5s\" is out of range: must be positive, or \"0s\" for never"),
                arguments(
                        "expiry_duration: PT-1S",
                        "20: pool.expiry_duration: \"PT-1S\" is out of range: must be positive, or \"0s\" for never"),
                arguments(
                        "expiry_duration: 300000000h",
                        "20: pool.expiry_duration: \"300000000h\" is too long: at most 292 years"),
                arguments("expiry_duration: 0.1ns", "20: pool.expiry_duration: \"0.1ns\" is finer than a nanosecond"),
                arguments(
                        "expiry_duration:",
                        "3: pool.expiry_duration: has no value; expected a duration (without the key it is 10s)"),
                arguments("expiry_duration: true", "20: pool.expiry_duration: true is not a duration (try \"10s\")"),
                arguments("pre_alloc: yes", "14: pool.pre_alloc: \"yes\" is not true or false (try true)"),
                arguments("pre_alloc: \"true\"", "14: pool.pre_alloc: \"true\" is not true or false (try true)"),
                arguments("pre_alloc: TRUE", "14: pool.pre_alloc: TRUE is not true or false (try true)"),
                arguments("pre_alloc: 0", "14: pool.pre_alloc: 0 is not true or false (try false)"),
                arguments("nonblocking: maybe", "16: pool.nonblocking: \"maybe\" is not true or false"),
                arguments("nonblocking: {}", "16: pool.nonblocking: expected true or false, found keys and values"),
                arguments(
                        "max_blocking_tasks: -1",
                        "23: pool.max_blocking_tasks: -1 is out of range: must be 1 to 2147483647, or 0 for unlimited"),
                arguments("queue: 5", "10: pool.queue: expected keys and values, found 5"),
                arguments(
                        "queue: { capacity: -2 }",
                        "22: pool.queue.capacity: -2 is out of range: must be 0 to 2147483647, or -1 for unbounded"),
                arguments(
                        "queue: { order: lifo }",
                        "19: pool.queue.order: \"lifo\" is not an order: must be fifo or priority"),
                arguments(
                        "queue: { order: Priority }",
                        "19: pool.queue.order: \"Priority\" is not an order: must be fifo or priority"),
                arguments("queue: { order: 1 }", "19: pool.queue.order: 1 is not an order: must be fifo or priority"),
                arguments(
                        "queue: { order: lifo, aging: 1s }",
                        "19: pool.queue.order: \"lifo\" is not an order: must be fifo or priority"),
                arguments(
                        "queue: { aging: 1s }",
                        "19: pool.queue.aging: needs order priority, but order is fifo: nothing overtakes there"),
                arguments(
                        "queue: { order: fifo, aging: 0s }",
                        "32: pool.queue.aging: needs order priority, but order is fifo: nothing overtakes there"),
                arguments(
                        "queue: { order: priority, aging: -1s }",
                        "36: pool.queue.aging: \"-1s\" is out of range: must be positive, or \"0s\" for never"),
                arguments(
                        "queue: { order: priority, aging: 10 }", "36: pool.queue.aging: 10 has no unit (try \"10s\")"),
                arguments(
                        "queue: { size: 1 }",
                        "12: pool.queue.size: unknown key; the keys here are capacity, order, aging"),
                arguments("task_timeout: 30", "17: pool.task_timeout: 30 has no unit (try \"30s\")"),
                arguments(
                        "task_timeout: -1s",
                        "17: pool.task_timeout: \"-1s\" is out of range: must be positive, or \"0s\" for never"),
                arguments(
                        "task_timeout:",
                        "3: pool.task_timeout: has no value; expected a duration (without the key it is 0s)"),
                arguments("start_within: soon", "17: pool.start_within: \"soon\" is not a duration (try \"10s\")"),
                arguments(
                        "start_within: -1ms",
                        "17: pool.start_within: \"-1ms\" is out of range: must be positive, or \"0s\" for never"),
                arguments("isolated: yes", "13: pool.isolated: \"yes\" is not true or false (try true)"),
                arguments("timed: 1", "10: pool.timed: 1 is not true or false (try true)"),
                arguments("timeout: 30s", "3: pool.timeout: unknown key, did you mean \"task_timeout\"?"),
                arguments("startWithin: 30s", "3: pool.startWithin: unknown key, did you mean \"start_within\"?"),
                arguments("siez: 1", "3: pool.siez: unknown key, did you mean \"size\"?"),
                arguments("capacity: 1", "3: pool.capacity: unknown key, did you mean \"size\"?"),
                arguments("expiry: 10s", "3: pool.expiry: unknown key, did you mean \"expiry_duration\"?"),
                arguments(
                        "maxBlockingTasks: 1",
                        "3: pool.maxBlockingTasks: unknown key, did you mean \"max_blocking_tasks\"?"),
                arguments(
                        "scaling: { min: 50 }",
                        "12: pool.scaling: needs both min and max, between which the size is to move"),
                arguments("\"\": 1", "3: pool.: " + POOL_KEYS),
                arguments("\"a\\tb\": 1", "3: pool.a\\tb: " + POOL_KEYS));
    }

    @ParameterizedTest
    @MethodSource("values")
    void inAPool(String line, String mistake) throws IOException {
        assertThat(mistakes("pool:\n  " + line + "\n")).containsExactly("2:" + mistake);
    }

    static Stream<Arguments> files() {
        String name =
                " is not a name for a pool: 1 to 64 letters, digits, dots, dashes and underscores, of which the first is"
                        + " a letter or digit";
        return Stream.of(
                // not the right shape
                arguments("- a\n- b\n", "1:1: expected keys and values, found a list"),
                arguments("hello", "1:1: expected keys and values, found \"hello\""),
                arguments("5", "1:1: expected keys and values, found 5"),
                arguments("pool: 5", "1:7: pool: expected keys and values, found 5"),
                arguments("pool: [size]", "1:7: pool: expected keys and values, found a list"),
                arguments(
                        "pool:\n  size:5\n",
                        "2:3: pool: expected keys and values, found \"size:5\" (a space is missing after the colon)"),
                arguments("pools: 5", "1:8: pools: expected keys and values, found 5"),
                arguments("pools: { a: 5 }", "1:13: pools.a: expected keys and values, found 5"),
                arguments("pools:\n  - a\n", "2:3: pools: expected keys and values, found a list"),
                arguments("shutdown: 30s", "1:11: shutdown: expected keys and values, found \"30s\""),
                // keys
                arguments("pol: {}", "1:1: pol: unknown key, did you mean \"pool\"?"),
                arguments(
                        "gateway: {}",
                        "1:1: gateway: unknown key; the keys here are pool, pools, monitor, tracker, alarms,"
                                + " management, metrics, shutdown"),
                arguments("shutdown: { grase: 1s }", "1:13: shutdown.grase: unknown key, did you mean \"grace\"?"),
                arguments("shutdown: { grace: 30 }", "1:20: shutdown.grace: 30 has no unit (try \"30s\")"),
                arguments(
                        "shutdown: { grace: -1s }",
                        "1:20: shutdown.grace: \"-1s\" is out of range: must be at least \"0s\""),
                arguments("pool: {}\npool: {}", "2:1: the key \"pool\" stands here already, in line 1"),
                arguments("pool:\n  size: 1\n  size: 2", "3:3: the key \"size\" stands here already, in line 2"),
                arguments("pools:\n  a: {}\n  a: {}", "3:3: the key \"a\" stands here already, in line 2"),
                // names
                arguments(
                        "pools: { default: {} }",
                        "1:10: pools.default: the name is taken; the default pool stands under \"pool\" at the top"),
                arguments(
                        "pools: { pool: {} }",
                        "1:10: pools.pool: the name is taken; the default pool stands under \"pool\" at the top"),
                arguments("pools: { \"\": {} }", "1:10: pools: \"\"" + name),
                arguments("pools: { \"a b\": {} }", "1:10: pools: \"a b\"" + name),
                arguments("pools: { -x: {} }", "1:10: pools: \"-x\"" + name),
                arguments("pools: { ümlaut: {} }", "1:10: pools: \"ümlaut\"" + name),
                arguments("pools: { \"a\\nb\": {} }", "1:10: pools: \"a\\nb\"" + name),
                arguments("pools: { " + "x".repeat(65) + ": {} }", "1:10: pools: \"" + "x".repeat(60) + "…\"" + name),
                // what doesn't go together
                arguments(
                        "pool:\n  pre_alloc: true\n  size: -1",
                        "2:14: pool.pre_alloc: needs a size of at most 67108864 to allocate, but size is -1, unbounded"),
                arguments(
                        "pool:\n  size: 67108865\n  pre_alloc: true",
                        "3:14: pool.pre_alloc: needs a size of at most 67108864 to allocate, but size is 67108865"),
                // YAML that isn't
                arguments("pool:\n\tsize: 5", "2:1: not valid YAML: a tab can't indent or separate; use spaces"),
                arguments("pool:\n  size: \"5", "2:9: not valid YAML: the quote that opens here is never closed"),
                arguments("pool:\n  size: 'x\n", "2:9: not valid YAML: the quote that opens here is never closed"),
                arguments("pool: { size: 5", "1:7: not valid YAML: the bracket that opens here is never closed"),
                arguments("pool: [1, 2", "1:7: not valid YAML: the bracket that opens here is never closed"),
                arguments("pool: { size: 5 ]", "1:17: not valid YAML: expected ',' or '}', but got ]"),
                arguments(
                        "pool: size: 5",
                        "1:11: not valid YAML: \":\" can't stand here; quote the value, or put the key on a line of its own"),
                arguments(
                        "pool:\n    size: 5\n  nonblocking: true",
                        "3:3: not valid YAML: this doesn't continue what stands above; check the indentation"),
                arguments("pool: @x", "1:7: not valid YAML: found character '@' that cannot start any token."),
                arguments("}", "1:1: not valid YAML: expected the node content, but found '}'"),
                arguments("pool: \"\\q\"", "1:9: not valid YAML: found unknown escape character q(113)"),
                arguments("%YAML 3.0\n---\npool:", "1:1: not valid YAML: this version of YAML is not known"),
                arguments("? [a]\n: b", "1:3: a key must be plain text, not a list or a mapping"),
                // YAML that isn't wanted
                arguments("pool: &p\n  size: 5", "1:7: " + NO_ANCHORS),
                arguments("pool:\n  size: &s 5\n  max_blocking_tasks: *s", "3:23: " + NO_ANCHORS),
                arguments("*a : 5", "1:1: " + NO_ANCHORS),
                arguments("pools: { a: {}, <<: {} }", "1:17: pools: \"<<\"" + name),
                arguments("pool: { <<: {} }", "1:9: pool.<<: " + NO_ANCHORS),
                arguments("pool: !!map {}", "1:7: tags are not supported here"),
                arguments("pool:\n  size: !!int 5", "2:9: tags are not supported here"),
                arguments("pool:\n  size: !mine 5", "2:9: tags are not supported here"),
                arguments("pool:\n---\npool:", "3:1: a second document starts here; a configuration is one document"),
                arguments("pool:\n---\n", "3:1: a second document starts here; a configuration is one document"),
                arguments("pool: " + "[".repeat(100), "1:22: nested too deeply: more than 16 levels"),
                arguments("pool: " + "{a: ".repeat(100), "1:67: nested too deeply: more than 16 levels"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void inAFile(String yaml, String mistake) throws IOException {
        assertThat(mistakes(yaml)).containsExactly(mistake);
    }

    @Test
    void everyMistakeIsReportedInTheOrderOfTheFile() throws IOException {
        assertThat(mistakes("""
                shutdown: { grace: soon }
                pool:
                  siez: 5
                  size: 0
                  expiry_duration: "10 sec"
                  queue: { capacity: x, depth: 1 }
                pools:
                  default: { size: 0 }
                  a: { size: *b }
                  b: { nonblocking: on }
                """))
                .containsExactly(
                        "1:20: shutdown.grace: \"soon\" is not a duration (try \"10s\")",
                        "3:3: pool.siez: unknown key, did you mean \"size\"?",
                        "4:9: pool.size: 0 is out of range: must be 1 to 2147483647, or -1 for unbounded",
                        "5:20: pool.expiry_duration: \"10 sec\" is not a duration (try \"10s\")",
                        "6:22: pool.queue.capacity: \"x\" is not a whole number",
                        "6:25: pool.queue.depth: unknown key; the keys here are capacity, order, aging",
                        "8:3: pools.default: the name is taken; the default pool stands under \"pool\" at the top",
                        "9:14: " + NO_ANCHORS,
                        "10:21: pools.b.nonblocking: \"on\" is not true or false (try true)");
    }

    @Test
    void theMessageIsTheLines() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "a: 1\npol: 2");

        ConfigException e = refused(file);

        assertThat(e.mistakes()).hasSize(2);
        assertThat(e).hasMessage(String.join("\n", e.mistakes()));
    }

    @Test
    void anchorBombsEndAtTheFirstAnchor() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(mistakes(bomb.toString())).hasSize(101).contains("1:5: " + NO_ANCHORS);
    }

    @Test
    void ofVeryManyMistakesTheFirstHundredAreShown() throws IOException {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            yaml.append("key").append(i).append(": 1\n");
        }

        List<String> mistakes = mistakes(yaml.toString());

        assertThat(mistakes).hasSize(101).first().asString().startsWith("1:1: key0: unknown key");
        assertThat(mistakes).last().asString().endsWith("and 49900 more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", " \t\r\n", "\uFEFF"})
    void anEmptyFile(String text) throws IOException {
        assertThat(mistakes(text)).containsExactly("is empty; for the defaults, let it say \"pool:\", or give no file");
    }

    @Test
    void notUtf8() throws IOException {
        assertThat(mistakes(bytes("pool: # größe\n".getBytes(StandardCharsets.ISO_8859_1))))
                .containsExactly("1:11: byte 0xF6 is not UTF-8; save the file as UTF-8");
        assertThat(mistakes(bytes("# größe\r\n#".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xC3})))
                .containsExactly("2:2: byte 0xC3 is not UTF-8; save the file as UTF-8");
        assertThat(mistakes(bytes(
                        "a\rb\n".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})))
                .as("half a surrogate pair")
                .containsExactly("3:1: byte 0xED is not UTF-8; save the file as UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32"})
    void anotherUnicode(String charset) throws IOException {
        byte[] text = "\uFEFFpool:".getBytes(Charset.forName(charset));
        assertThat(mistakes(text))
                .containsExactly(
                        charset.equals("UTF-32")
                                ? "1:1: the character U+0000 can't stand in a text file"
                                : "is UTF-16; save it as UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 0x1B, 0x7F, 0x9F, 0xFFFE})
    void invisibleCharacters(int character) throws IOException {
        assertThat(mistakes("pool:\n  # ä🐜" + Character.toString(character)))
                .containsExactly(String.format("2:7: the character U+%04X can't stand in a text file", character));
    }

    @Test
    void aHugeFile() throws IOException {
        Path file = folder.resolve("config.yaml");
        byte[] block = "# ".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
        Files.write(file, bytes(block, "\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(mistakes(file)).containsExactly("is larger than 1 MiB, the most a configuration may have");
    }

    @Test
    void aFileOfTheLargestSizeIsRead() throws IOException {
        assertThat(mistakes("pool: {size: 0}#".replace("#", " #") + "x".repeat((1 << 20) - 17)))
                .containsExactly("1:14: pool.size: 0 is out of range: must be 1 to 2147483647, or -1 for unbounded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{", "- ", "? ", "a: [", "'", "\"", "&a ", "!t ", "|", "a: b\n", "{a: ", "-\n "})
    void pathologicalFilesOfTheLargestSizeEndSoon(String piece) throws IOException {
        String text = piece.repeat((1 << 20) / piece.length());

        assertThat(mistakes(text))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(101)
                .allSatisfy(line -> assertThat(line).doesNotContain("\n").hasSizeLessThan(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "1s", "9s", "1.", "1 sec ", "-", "true", "x", "ü"})
    void pathologicalValuesOfTheLargestSizeEndSoon(String piece) throws IOException {
        String text = piece.repeat(100_000);

        for (String key : List.of("size", "expiry_duration", "pre_alloc", text)) {
            assertThat(mistakes("pool: {? " + key + "\n  : \"" + text + "\" }"))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
            assertThat(mistakes("pool:\n  ? " + key + "\n  : " + text))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
        }
    }

    @Test
    void anEndlessFile() {
        Path zero = Path.of("/dev/zero");
        Assumptions.assumeTrue(Files.exists(zero));

        assertThat(refused(zero).mistakes())
                .containsExactly("/dev/zero: is larger than 1 MiB, the most a configuration may have");
    }

    @Test
    void noFile() {
        assertThat(mistakes(folder.resolve("nothing.yaml"))).containsExactly("no such file");
        assertThat(mistakes(folder.resolve("no/such/folder.yaml"))).containsExactly("no such file");
        assertThat(mistakes(folder)).containsExactly("is a directory");
        assertThat(refused(Path.of("")).mistakes()).containsExactly("\"\": is a directory");
    }

    @Test
    void aFileInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool:");

        assertThat(mistakes(file.resolve("more.yaml"))).containsExactly("can't be read: Not a directory");
    }

    @Test
    void aFileThatMayNotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool:");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "the superuser reads everything");

        assertThat(mistakes(file)).containsExactly("permission to read it is denied");
    }

    @Test
    void aStrangeNameStaysOnOneLine() {
        assertThat(refused(folder.resolve("a\nb.yaml")).mistakes())
                .containsExactly(folder + "/a\\nb.yaml: no such file");
    }

    private List<String> mistakes(String yaml) throws IOException {
        return mistakes(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> mistakes(byte[] content) throws IOException {
        return mistakes(Files.write(folder.resolve("config.yaml"), content));
    }

    /// The mistakes without the name of the file.
    private static List<String> mistakes(Path file) {
        return refused(file).mistakes().stream()
                .map(line -> {
                    assertThat(line).startsWith(file + ":");
                    return line.substring(file.toString().length() + 1).strip();
                })
                .toList();
    }

    private static ConfigException refused(Path file) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file));
        assertThat(e).as("it was not refused").isNotNull();
        return e;
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
