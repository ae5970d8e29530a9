package dev.myrmidon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs each recipe and holds it to what it should print, which stands in a file of its name under
/// `src/test/resources`.
class RecipesTest {
    /// The sources, since a folder of copies keeps what was renamed long ago.
    private static final Path EXPECTED = Path.of("src/test/resources/dev/myrmidon/examples");

    @ParameterizedTest
    @MethodSource("recipes")
    void printsWhatItShould(String recipe) throws Exception {
        Path expected = EXPECTED.resolve(recipe + ".txt");
        assertThat(expected).as("what %s should print", recipe).exists();

        assertThat(outputOf(recipe)).isEqualTo(Files.readString(expected));
    }

    @Test
    void nothingIsExpectedOfARecipeThatDoesNotExist() throws Exception {
        assertThat(names(EXPECTED, ".txt")).isSubsetOf(recipes());
    }

    /// Every class of the package, but for those inside another one.
    static List<String> recipes() throws IOException, URISyntaxException {
        Path one = Path.of(SubmitTasks.class.getResource("SubmitTasks.class").toURI());
        return names(one.resolveSibling(""), ".class").stream()
                .filter(name -> !name.contains("$") && !name.equals("package-info"))
                .toList();
    }

    private static List<String> names(Path folder, String extension) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(extension))
                    .map(name -> name.substring(0, name.length() - extension.length()))
                    .sorted()
                    .toList();
        }
    }

    private static String outputOf(String recipe) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (PrintStream captured = new PrintStream(output, true, UTF_8)) {
            System.setOut(captured);
            Class.forName(RecipesTest.class.getPackageName() + "." + recipe)
                    .getDeclaredMethod("main")
                    .invoke(null);
        } finally {
            System.setOut(before);
        }
        return output.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }
}
