package dev.myrmidon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
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

    @ParameterizedTest
    @MethodSource("recipes")
    void printsWhatItShould(String recipe) throws Exception {
        URL expected = RecipesTest.class.getResource(recipe + ".txt");
        assertThat(expected).as("%s.txt, what %s should print", recipe, recipe).isNotNull();

        assertThat(outputOf(recipe)).isEqualTo(Files.readString(Path.of(expected.toURI())));
    }

    @Test
    void nothingIsExpectedOfARecipeThatDoesNotExist() throws Exception {
        assertThat(names(".txt")).isSubsetOf(recipes());
    }

    /// Every class of the package, but for those inside another one.
    static List<String> recipes() throws IOException, URISyntaxException {
        return names(".class").stream()
                .filter(name -> !name.contains("$") && !name.equals("package-info"))
                .toList();
    }

    /// What the files are called, without this extension, that stand beside one that is known to exist.
    private static List<String> names(String extension) throws IOException, URISyntaxException {
        URL one = RecipesTest.class.getResource("SubmitTasks" + extension);
        try (Stream<Path> files = Files.list(Path.of(one.toURI()).resolveSibling(""))) {
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
