package dev.myrmidon.micrometer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a scrape of every meter that a pool can have says.
record Scrape(Map<String, String> types, Map<String, String> helps, List<Sample> samples) {
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final Pattern COMMENT = Pattern.compile("# (TYPE|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[a-z]+=\"[^\"\\\\]*\",?)*)} (NaN|[+]Inf|[0-9.E-]+)");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    record Sample(String name, Map<String, String> labels, double value) {}

    /// The answer to a scrape in one of the formats, while a pool that has every meter is busy.
    static String of(String contentType) throws InterruptedException {
        PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool()).withRetries(() -> 1);
            metrics.bindTo(registry);
            busy.letGo();
            return registry.scrape(contentType);
        } finally {
            registry.close();
        }
    }

    /// Takes an answer apart; every line has to be one of the format.
    static Scrape parse(String answer) {
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, String> helps = new LinkedHashMap<>();
        List<Sample> samples = new ArrayList<>();
        for (String line : answer.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (comment.matches()) {
                Map<String, String> said = comment.group(1).equals("TYPE") ? types : helps;
                if (said.put(comment.group(2), comment.group(3)) != null) {
                    throw new AssertionError("twice: " + line);
                }
            } else if (sample.matches()) {
                Map<String, String> labels = LABEL.matcher(sample.group(2))
                        .results()
                        .collect(Collectors.toMap((MatchResult m) -> m.group(1), m -> m.group(2)));
                String value = sample.group(3).replace("+Inf", "Infinity");
                samples.add(new Sample(sample.group(1), labels, Double.parseDouble(value)));
            } else if (!line.equals("# EOF")) {
                throw new AssertionError("not of the format: " + line);
            }
        }
        return new Scrape(types, helps, samples);
    }

    Set<String> sampleNames() {
        return samples.stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> labelNames() {
        return samples.stream()
                .flatMap(sample -> sample.labels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    List<Sample> samples(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }
}
