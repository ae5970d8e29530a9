package dev.myrmidon.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Prometheus gets, in both of its formats.
class ScrapeFormatTest {
    private static final Set<String> UNITS = Set.of("threads", "tasks", "seconds");

    @ParameterizedTest
    @ValueSource(strings = {Scrape.TEXT, Scrape.OPEN_METRICS})
    void isOfTheFormat(String contentType) throws Exception {
        String answer = Scrape.of(contentType);
        boolean isOpenMetrics = contentType.equals(Scrape.OPEN_METRICS);
        Scrape scrape = Scrape.parse(answer);

        assertThat(answer).endsWith("\n");
        assertThat(answer.endsWith("# EOF\n")).isEqualTo(isOpenMetrics);
        assertThat(scrape.helps()).containsOnlyKeys(scrape.types().keySet());
        assertThat(scrape.helps().values()).noneMatch(String::isBlank);
        assertThat(Set.copyOf(scrape.types().values())).containsExactlyInAnyOrder("gauge", "counter", "histogram");
        scrape.types().forEach((family, type) -> {
            List<String> samples = switch (type) {
                case "counter" -> List.of(isOpenMetrics ? family + "_total" : family);
                case "histogram" -> List.of(family + "_bucket", family + "_count", family + "_sum");
                default -> List.of(family);
            };
            assertThat(scrape.sampleNames()).as("samples of %s", family).containsAll(samples);
            assertThat(family.endsWith("_total"))
                    .as("%s is a counter", family)
                    .isEqualTo(type.equals("counter") && !isOpenMetrics);
            String unit = family.replaceFirst("_total$", "").replaceFirst("_seconds_max$", "_seconds");
            assertThat(UNITS.contains(unit.substring(unit.lastIndexOf('_') + 1))
                            || unit.matches("myrmidon_pool_(resizes|retries)"))
                    .as("%s ends with its unit", family)
                    .isTrue();
        });
        assertThat(scrape.samples())
                .allSatisfy(sample -> assertThat(sample.labels()).containsEntry("name", "orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Scrape.TEXT, Scrape.OPEN_METRICS})
    void bucketsAreCumulativeAndEndWithAll(String contentType) throws Exception {
        Scrape scrape = Scrape.parse(Scrape.of(contentType));
        for (String timer : List.of("executor_seconds", "executor_idle_seconds")) {
            List<Scrape.Sample> buckets = scrape.samples(timer + "_bucket");
            assertThat(buckets).hasSize(25);
            assertThat(buckets.stream().map(Scrape.Sample::value)).isSorted();
            assertThat(buckets.stream()
                            .map(bucket ->
                                    Double.parseDouble(bucket.labels().get("le").replace("+Inf", "Infinity"))))
                    .isSorted()
                    .first()
                    .isEqualTo(1e-5);
            assertThat(buckets.getLast().labels()).containsEntry("le", "+Inf");
            assertThat(buckets.getLast().value())
                    .isEqualTo(scrape.samples(timer + "_count").getFirst().value())
                    .isPositive();
            assertThat(scrape.samples(timer + "_sum").getFirst().value()).isPositive();
        }
    }

    @Test
    void twoPoolsShareTheFamiliesAndOneThatEndsLeavesThem() {
        PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        try (Pool orders = Pool.builder("orders").capacity(1).timed(true).build()) {
            Pool images = Pool.builder("images").capacity(1).build();
            new PoolMetrics(orders).bindTo(registry);
            new PoolMetrics(images).bindTo(registry);
            assertThat(Scrape.parse(registry.scrape()).samples("executor_active_threads"))
                    .hasSize(2);
            images.close();
            Awaitility.await().untilAsserted(() -> {
                String answer = registry.scrape();
                assertThat(answer).doesNotContain("images");
                assertThat(Scrape.parse(answer).samples("executor_active_threads"))
                        .hasSize(1);
            });
        }
        Awaitility.await().untilAsserted(() -> assertThat(registry.scrape()).isBlank());
    }
}
