package dev.myrmidon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the snippets of the guide to the recipes they are from, which compile and run. Indentation and
/// empty lines may differ.
class GuideTest {
    private static final Path GUIDE = Path.of("../docs/guide");
    private static final Path RECIPES = Path.of("src/main/java/dev/myrmidon/examples");
    private static final Pattern EXCERPT = Pattern.compile("<!-- from (\\w+) -->\n```java\n(.*?)```\n", Pattern.DOTALL);

    record Excerpt(String page, String recipe, String lines) {
        @Override
        public String toString() {
            return page + ": " + lines.lines().findFirst().orElse("") + " from " + recipe;
        }
    }

    @ParameterizedTest
    @MethodSource("excerpts")
    void isInItsRecipe(Excerpt excerpt) throws IOException {
        Path recipe = RECIPES.resolve(excerpt.recipe() + ".java");

        assertThat(bare(Files.readString(recipe))).contains(bare(excerpt.lines()));
    }

    static List<Excerpt> excerpts() throws IOException {
        try (Stream<Path> pages = Files.list(GUIDE)) {
            return pages.filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .flatMap(GuideTest::excerptsOf)
                    .toList();
        }
    }

    private static Stream<Excerpt> excerptsOf(Path page) {
        String name = page.getFileName().toString();
        try {
            String text = Files.readString(page);
            List<Excerpt> excerpts = EXCERPT.matcher(text)
                    .results()
                    .map(found -> new Excerpt(name, found.group(1), found.group(2)))
                    .toList();
            assertThat(text.split("<!-- from ", -1))
                    .as("comments of %s, each above a snippet", name)
                    .hasSize(excerpts.size() + 1);
            return excerpts.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String bare(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
