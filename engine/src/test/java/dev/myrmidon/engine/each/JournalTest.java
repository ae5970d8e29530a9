package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.engine.each.EachOptions.Command;
import dev.myrmidon.engine.each.EachOptions.Function;
import dev.myrmidon.engine.each.EachOptions.Http;
import dev.myrmidon.engine.each.EachOptions.Work;
import dev.myrmidon.engine.each.Journal.Knowledge;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class JournalTest {
    private static final Work ECHO = new Command(List.of("echo", "{}"));

    @TempDir
    private Path folder;

    @Test
    void knowsWhatWasDone() throws Exception {
        try (Journal journal = open(ECHO)) {
            assertThat(journal.knownLines()).isZero();
            assertThat(journal.look(item(1))).isEqualTo(Knowledge.UNKNOWN);
            journal.done(item(7));
            journal.done(item(2));
            journal.done(item(3));
            journal.commit();
        }
        assertThat(file()).hasSize(JournalHeader.BYTES + 7 * 4);

        try (Journal journal = open(ECHO)) {
            assertThat(journal.knownLines()).isEqualTo(7);
            assertThat(doneOf(journal, 9)).containsExactly(2L, 3L, 7L);
        }
    }

    /// In whatever order and in whatever batches they end.
    @Test
    void keepsEveryLine() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BitSet done = new BitSet();
        for (int round = 0; round < 5; round++) {
            List<Integer> lines = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                lines.add(1 + random.nextInt(60_000));
            }
            Collections.shuffle(lines, random);
            try (Journal journal = open(ECHO)) {
                for (int line : lines) {
                    if (!done.get(line)) {
                        done.set(line);
                        if (journal.done(item(line)) || random.nextInt(500) == 0) {
                            journal.commit();
                        }
                    }
                }
                journal.commit();
            }
            try (Journal journal = open(ECHO)) {
                List<Long> expected = done.stream().asLongStream().boxed().toList();
                assertThat(doneOf(journal, 60_001)).as("seed " + seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void takesNothingBackAndNotesNothingBeforeTheCommit() throws Exception {
        try (Journal journal = open(ECHO)) {
            journal.done(item(1));
            journal.forget();
            journal.done(item(2));
            assertThat(file()).hasSize(JournalHeader.BYTES);
            journal.commit();
            assertThat(file()).hasSize(JournalHeader.BYTES + 2 * 4);
        }
        try (Journal journal = open(ECHO)) {
            assertThat(doneOf(journal, 3)).containsExactly(2L);
        }
    }

    @Test
    void seesThatALineHasChanged() throws Exception {
        try (Journal journal = open(ECHO)) {
            journal.done(item(1));
            journal.done(item(3));
            journal.commit();
        }
        try (Journal journal = open(ECHO)) {
            assertThat(journal.look(item(1, "other"))).isEqualTo(Knowledge.CHANGED);
            assertThat(journal.look(item(2, "other"))).isEqualTo(Knowledge.UNKNOWN);
            assertThat(journal.look(item(3, "item 1"))).isEqualTo(Knowledge.CHANGED);
            assertThat(journal.look(item(3))).isEqualTo(Knowledge.DONE);
        }
    }

    @Test
    void aLineWhoseHashIsZeroIsDoneLikeAnyOther() throws Exception {
        byte[] bytes = {(byte) 0xAB, (byte) 0x9B, (byte) 0xE0, (byte) 0x9B};
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertThat(crc.getValue()).isZero();
        Item item = new Item(0, 1, bytes, null);
        try (Journal journal = open(ECHO)) {
            journal.done(item);
            journal.commit();
        }
        try (Journal journal = open(ECHO)) {
            assertThat(journal.look(item)).isEqualTo(Knowledge.DONE);
        }
    }

    /// As a killed machine may leave it.
    @Test
    void cutsATornEntryOff() throws Exception {
        try (Journal journal = open(ECHO)) {
            journal.done(item(1));
            journal.commit();
        }
        Files.write(file(), new byte[] {1, 2}, StandardOpenOption.APPEND);
        try (Journal journal = open(ECHO)) {
            assertThat(journal.knownLines()).isEqualTo(1);
            journal.done(item(3));
            journal.commit();
        }
        try (Journal journal = open(ECHO)) {
            assertThat(doneOf(journal, 4)).containsExactly(1L, 3L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, JournalHeader.BYTES})
    void beginsAnewWhereNoHeaderReachedTheDisk(int zeros) throws Exception {
        Files.write(file(), new byte[zeros]);
        try (Journal journal = open(ECHO)) {
            journal.done(item(1));
            journal.commit();
        }
        try (Journal journal = open(ECHO)) {
            assertThat(doneOf(journal, 2)).containsExactly(1L);
        }
    }

    /// A hundred million lines: the file has holes, so the disk has none of it.
    @Test
    void needsNoMemoryForManyLines() throws Exception {
        int lines = 100_000_000;
        try (Journal journal = open(ECHO)) {
            journal.done(item(1));
            journal.done(item(lines));
            journal.commit();
        }
        try (Journal journal = open(ECHO)) {
            assertThat(journal.knownLines()).isEqualTo(lines);
            assertThat(journal.look(item(1))).isEqualTo(Knowledge.DONE);
            assertThat(journal.look(item(lines / 2))).isEqualTo(Knowledge.UNKNOWN);
            assertThat(journal.look(item(lines))).isEqualTo(Knowledge.DONE);
        }
    }

    @Test
    void refusesOtherWork() throws Exception {
        open(ECHO).close();
        byte[] before = Files.readAllBytes(file());

        assertThatThrownBy(() -> open(new Command(List.of("rm", "{}"))))
                .isInstanceOf(UsageException.class)
                .hasMessage("--journal " + file()
                        + ": belongs to other work, COMMAND echo {}, and this is COMMAND rm {}; name another file");
        assertThatThrownBy(() -> open(new Command(List.of("echo {}")))).hasMessageContaining("other work");
        assertThatThrownBy(() -> open(new Http())).hasMessageContaining("this is --http;");
        assertThatThrownBy(() -> open(new Function("a.B", "x.jar"))).hasMessageContaining("this is --function a.B;");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void takesAFunctionFromAnotherJar() throws Exception {
        open(new Function("a.B", "old.jar")).close();
        open(new Function("a.B", "new.jar")).close();

        assertThatThrownBy(() -> open(new Function("a.C", "new.jar"))).hasMessageContaining("other work");
    }

    @Test
    void showsWhoseItIs() throws Exception {
        open(new Command(List.of("sh", "-c", "a\nb" + "\uD83D\uDC1C".repeat(500))))
                .close();
        open(new Command(List.of("sh", "-c", "a\nb" + "\uD83D\uDC1C".repeat(500))))
                .close();

        List<String> lines = new String(Files.readAllBytes(file()), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(lines.subList(0, 2)).containsExactly("myrmidon each journal", "version 1");
        assertThat(lines.get(2))
                .startsWith("work COMMAND sh -c a?b\uD83D\uDC1C")
                .endsWith("\uD83D\uDC1C…");
    }

    @Test
    void isForOneRunAtATime() throws Exception {
        try (Journal _ = open(ECHO)) {
            assertThatThrownBy(() -> open(ECHO))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("--journal " + file() + ": is in use by another run");
        }
        open(ECHO).close();
    }

    @Test
    void refusesWhatIsNoJournal() throws Exception {
        Files.writeString(file(), "precious\n".repeat(1000));
        assertThatThrownBy(() -> open(ECHO))
                .isInstanceOf(UsageException.class)
                .hasMessage("--journal " + file() + ": is no journal of myrmidon each; name another file");
        assertThat(file()).hasContent("precious\n".repeat(1000));

        assertThatThrownBy(() -> Journal.open(folder, ECHO)).hasMessage("--journal " + folder + ": is no regular file");
        assertThatThrownBy(() -> Journal.open(folder.resolve("no/file"), ECHO))
                .hasMessage("--journal " + folder.resolve("no/file") + ": no such file or directory");
        assertThatThrownBy(() -> Journal.open(Path.of("/dev/null"), ECHO))
                .hasMessage("--journal /dev/null: is no regular file");
    }

    @Test
    void refusesAnotherVersion() throws Exception {
        Files.write(file(), new JournalHeader(2, "x", "y").encode().array());

        assertThatThrownBy(() -> open(ECHO))
                .hasMessage("--journal " + file()
                        + ": is a journal of version 2, and only version 1 can be read here; name another file");
    }

    /// Whatever byte of the header is lost, and wherever it ends: an error of ours, or what is in the header is
    /// right.
    @Test
    void noticesADamagedHeader() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = JournalHeader.of(ECHO).encode().array();
        int text = new String(good, StandardCharsets.UTF_8).indexOf('\0');
        for (int i = 0; i < text; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 + random.nextInt(255));
            Files.write(file(), bad);
            assertThatThrownBy(() -> open(ECHO))
                    .as("seed " + seed + ", byte " + i)
                    .isInstanceOf(UsageException.class);
            Files.write(file(), Arrays.copyOf(good, 1 + i));
            assertThatThrownBy(() -> open(ECHO)).as("cut after " + i).isInstanceOf(UsageException.class);
        }
    }

    @Test
    void forcesTheOutcomesFirstAndNowAndThen() throws Exception {
        AtomicInteger forced = new AtomicInteger();
        try (Journal journal = open(ECHO)) {
            journal.start(forced::incrementAndGet, e -> {
                throw new AssertionError(e);
            });
            journal.force();
            assertThat(forced).as("there is nothing to force").hasValue(0);
            journal.done(item(1));
            journal.commit();
            await().until(() -> forced.get() == 1);
            journal.done(item(2));
            journal.commit();
        }
        assertThat(forced).as("at the end").hasValue(2);
    }

    @Test
    void tellsOnceThatItFailedAndTakesNothingMore() throws Exception {
        List<String> failures = new CopyOnWriteArrayList<>();
        try (Journal journal = open(ECHO)) {
            journal.start(
                    () -> {
                        throw new IOException("disk on fire");
                    },
                    e -> failures.add(e.getMessage()));
            journal.done(item(1));
            journal.commit();
            journal.force();
            journal.done(item(2));
            journal.commit();
            journal.force();
        }
        // Whoever was first to force tells it, and that may be the thread that does so now and then.
        await().untilAsserted(() -> assertThat(failures).containsExactly("disk on fire"));
        assertThat(file()).hasSize(JournalHeader.BYTES + 4);
    }

    @Test
    void cutsATornLastLineOffWhatIsAppendedTo() throws IOException {
        Path out = folder.resolve("out");
        for (String torn : List.of("", "x", "x".repeat(200_000))) {
            for (String whole : List.of("", "a\n", "a\n" + "b".repeat(65_536) + "\n")) {
                Files.writeString(out, whole + torn);
                try (var appending = AppendedFile.open(out)) {
                    appending.write("end\n".getBytes(StandardCharsets.UTF_8));
                }
                assertThat(out).hasContent(whole + "end\n");
            }
        }
        Files.delete(out);
        AppendedFile.open(out).close();
        assertThat(out).isEmptyFile();
        AppendedFile.open(Path.of("/dev/null")).close();
    }

    /// An entry's place doesn't overflow where an int would.
    @Test
    void goesPastFourGigabytes() throws Exception {
        long line = 3_000_000_000L;
        try (Journal journal = open(ECHO)) {
            journal.done(item(line));
            journal.done(item(1));
            journal.commit();
        }
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "r")) {
            assertThat(raw.length()).isEqualTo(JournalHeader.BYTES + 4 * line);
        }
        try (Journal journal = open(ECHO)) {
            assertThat(journal.look(item(1))).isEqualTo(Knowledge.DONE);
            assertThat(journal.look(item(line))).isEqualTo(Knowledge.DONE);
        }
    }

    private Journal open(Work work) throws UsageException {
        return Journal.open(file(), work);
    }

    private Path file() {
        return folder.resolve("journal");
    }

    private static List<Long> doneOf(Journal journal, int lines) throws IOException {
        List<Long> done = new ArrayList<>();
        for (int line = 1; line <= lines; line++) {
            Knowledge knowledge = journal.look(item(line));
            assertThat(knowledge).isNotEqualTo(Knowledge.CHANGED);
            if (knowledge == Knowledge.DONE) {
                done.add((long) line);
            }
        }
        return done;
    }

    private static Item item(long line) {
        return item(line, "item " + line);
    }

    private static Item item(long line, String text) {
        return new Item(line - 1, line, text.getBytes(StandardCharsets.UTF_8), null);
    }
}
