package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.ItemFunction;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionLoaderTest {
    private static final String FUNCTIONS = "dev.myrmidon.engine.each.functions.";

    @TempDir
    private Path folder;

    @Test
    void loadsFromADirectory() throws Exception {
        compile();

        assertThat(FunctionLoader.load("far.Away", folder.toString()).apply("x"))
                .isEqualTo("x from far away");
    }

    @Test
    void loadsFromAJarAmongOthers() throws Exception {
        compile();
        Path jar = folder.resolve("far.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("far/Away.class"));
            Files.copy(folder.resolve("far").resolve("Away.class"), out);
        }
        Files.delete(folder.resolve("far").resolve("Away.class"));
        String classpath = folder + File.pathSeparator + File.pathSeparator + jar;

        assertThat(FunctionLoader.load("far.Away", classpath).apply("x")).isEqualTo("x from far away");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Nothing    | there is no such class in --classpath .",
                "Hidden     | must be a public class, and not abstract",
                "Unfinished | must be a public class, and not abstract",
                "Demanding  | must have a public constructor without parameters",
                "Explosive  | its constructor threw java.lang.IllegalStateException: boom",
            })
    void saysWhichRuleWasBroken(String name, String rule) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FunctionLoader.load(FUNCTIONS + name, "."))
                .withMessage("--function " + FUNCTIONS + name + ": " + rule);
    }

    @Test
    void refusesWhatIsNoFunction() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FunctionLoader.load("java.lang.String", "."))
                .withMessage("--function java.lang.String: must implement dev.myrmidon.engine.ItemFunction");
    }

    @Test
    void refusesWhatCannotBeInitialized() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FunctionLoader.load(FUNCTIONS + "Broken", "."))
                .withMessageContaining("can't be made: java.lang.ExceptionInInitializerError");
    }

    @Test
    void refusesWhatIsNoClassFile() throws IOException {
        Files.createDirectory(folder.resolve("far"));
        Files.writeString(folder.resolve("far").resolve("Away.class"), "not a class");

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FunctionLoader.load("far.Away", folder.toString()))
                .withMessageContaining("can't be loaded: java.lang.ClassFormatError");
    }

    @Test
    void refusesAClassPathThatIsNotThere() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FunctionLoader.load("far.Away", "no/such.jar"))
                .withMessage("--classpath no/such.jar: no such file or directory");
    }

    /// A class that the loader of the tests doesn't know.
    private void compile() throws IOException {
        Path source = folder.resolve("Away.java");
        Files.writeString(source, """
                package far;
                public final class Away implements dev.myrmidon.engine.ItemFunction {
                    public String apply(String item) {
                        return item + " from far away";
                    }
                }
                """);
        String api = Path.of(ItemFunction.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        int exit = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", api, "-d", folder.toString(), source.toString());
        assertThat(exit).isZero();
    }
}
