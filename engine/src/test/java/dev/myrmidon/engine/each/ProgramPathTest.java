package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramPathTest {
    @TempDir
    private Path folder;

    @Test
    void findsPrograms() {
        assertThat(ProgramPath.problem("sh", "/nowhere:/bin")).isNull();
        assertThat(ProgramPath.problem("sh", null)).isNull();
        assertThat(ProgramPath.problem("/bin/sh", "")).isNull();
        assertThat(ProgramPath.has("sh")).isTrue();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));

        assertThat(ProgramPath.problem("no-such-thing", "/bin")).isEqualTo("no-such-thing: command not found");
        assertThat(ProgramPath.problem("plain", folder.toString())).isEqualTo("plain: permission denied");
        assertThat(ProgramPath.problem(plain + "", "/bin")).isEqualTo(plain + ": permission denied");
        assertThat(ProgramPath.problem("./no/such", "/bin")).isEqualTo("./no/such: no such file");
        assertThat(ProgramPath.problem(folder + "", "/bin")).isEqualTo(folder + ": is a directory");
        assertThat(ProgramPath.problem("", "/bin")).isEqualTo("the command is empty");
    }
}
