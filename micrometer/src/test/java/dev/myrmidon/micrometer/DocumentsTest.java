package dev.myrmidon.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Holds `docs/metrics.md`, the dashboard and the alerts to what is registered and scraped.
class DocumentsTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /// What is no metric in an expression: strings, selectors, ranges, lists of labels, functions, keywords.
    private static final Pattern NO_METRICS = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|on|without|ignoring)\\s*\\([^)]*\\)|[a-z_]+(?=\\s*\\()"
                    + "|\\b(and|or|unless|sum|max|min|by|on|bool)\\b|[0-9.]+");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABELS = Pattern.compile("\\{([^}]*)}|\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)");

    /// Labels that Prometheus adds to what it scrapes.
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    private static Scrape scrape;

    /// A row of the page, or what a meter makes of it.
    record Row(String meter, String type, String unit, Set<String> tags) {}

    @BeforeAll
    static void scrape() throws InterruptedException {
        scrape = Scrape.parse(Scrape.of(Scrape.TEXT));
    }

    private static List<String[]> rows() throws IOException {
        return Files.readString(DOCS.resolve("metrics.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new))
                .toList();
    }

    private static Set<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @Test
    void thePageListsWhatIsRegisteredAndNothingElse() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).withRetries(() -> 1).bindTo(registry);
            Set<Row> registered = registry.getMeters().stream()
                    .map(Meter::getId)
                    .map(DocumentsTest::row)
                    .collect(Collectors.toSet());

            List<Row> listed = rows().stream()
                    .map(cells -> new Row(codes(cells[1]).iterator().next(), cells[2], cells[3], codes(cells[4])))
                    .toList();

            assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(registered);
        } finally {
            registry.close();
        }
    }

    private static Row row(Meter.Id id) {
        Set<String> tags = id.getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(HashSet::new));
        assertThat(tags.remove("name")).isTrue();
        String unit = id.getBaseUnit();
        return new Row(id.getName(), id.getType().name().toLowerCase(Locale.ROOT), unit == null ? "-" : unit, tags);
    }

    @Test
    void thePageSaysWhatPrometheusGets() throws Exception {
        Set<String> listed =
                rows().stream().flatMap(cells -> codes(cells[5]).stream()).collect(Collectors.toSet());
        assertThat(listed).isEqualTo(scrape.sampleNames());
    }

    @Test
    void thePageExplainsEveryValueOfATag() throws Exception {
        String page = Files.readString(DOCS.resolve("metrics.md"));
        for (Scrape.Sample sample : scrape.samples()) {
            sample.labels().forEach((label, value) -> {
                if (!label.equals("name") && !label.equals("le")) {
                    assertThat(page).containsPattern("`(" + label + "=)?" + value + "`");
                }
            });
        }
    }

    @Test
    void theAlertsAskForWhatThereIs() throws Exception {
        JsonNode alerts = new YAMLMapper().readTree(Files.readString(DOCS.resolve("prometheus-alerts.yaml")));
        List<JsonNode> rules = alerts.get("groups")
                .valueStream()
                .flatMap(group -> group.get("rules").valueStream())
                .toList();
        assertThat(rules).hasSizeGreaterThanOrEqualTo(5);
        for (JsonNode rule : rules) {
            assertThat(rule.get("annotations").get("summary").asString()).isNotBlank();
            assertThat(rule.get("labels").get("severity").asString()).isIn("warning", "critical");
            assertKnown(rule.get("expr").asString());
        }
        assertThat(rules.stream().map(rule -> rule.get("alert").asString())).doesNotHaveDuplicates();
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws Exception {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DOCS.resolve("grafana-dashboard.json")));
        List<JsonNode> panels = dashboard.get("panels").valueStream().toList();
        Set<String> shown = new TreeSet<>();
        for (JsonNode panel : panels) {
            assertThat(panel.get("title").asString()).isNotBlank();
            for (JsonNode target : panel.get("targets")) {
                shown.addAll(assertKnown(target.get("expr").asString()));
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asString().equals("query")) {
                assertThat(variable.get("query").asString()).startsWith("label_values(myrmidon_pool_limit_tasks");
            }
        }
        assertThat(panels.stream().map(panel -> panel.get("id").asInt())).doesNotHaveDuplicates();
        assertThat(panels.stream().map(panel -> panel.get("gridPos"))).doesNotHaveDuplicates();
        // of those that are shown nowhere each says what another one says too
        assertThat(scrape.sampleNames().stream().filter(name -> !shown.contains(name)))
                .containsExactlyInAnyOrder(
                        "executor_pool_core_threads",
                        "executor_pool_max_threads",
                        "executor_idle_seconds_count",
                        "executor_idle_seconds_sum");
    }

    /// Checks that the metrics and the labels of an expression exist.
    ///
    /// @return the metrics
    private static Set<String> assertKnown(String expression) {
        Set<String> metrics = names(NO_METRICS.matcher(expression).replaceAll(" "));
        assertThat(metrics).as("metrics of %s", expression).isNotEmpty().isSubsetOf(scrape.sampleNames());
        Set<String> labels = LABELS.matcher(expression)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .flatMap(list -> names(list.replaceAll("\"[^\"]*\"", "")).stream())
                .filter(label -> !OF_PROMETHEUS.contains(label))
                .collect(Collectors.toSet());
        assertThat(labels).as("labels of %s", expression).isSubsetOf(scrape.labelNames());
        return metrics;
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
