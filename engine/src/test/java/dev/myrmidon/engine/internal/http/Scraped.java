package dev.myrmidon.engine.internal.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A strict reader of what `/metrics` answers, in either format: a line that isn't of the format, samples of a family
/// that don't stand together, a series that comes twice or a histogram that makes no sense is an error.
record Scraped(Map<String, Family> families, List<Sample> samples) {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern TYPE =
            Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|info|unknown|untyped)");
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.+)");
    private static final Pattern UNIT = Pattern.compile("# UNIT (" + NAME + ") ([a-z_]+)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(" + LABEL + "(?:," + LABEL
            + ")*)?})? (NaN|[+-]Inf|-?[0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?)");
    private static final Pattern ONE_LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Family(String name, String type, String help) {}

    record Sample(String family, String name, Map<String, String> labels, double value) {}

    static Scraped read(String text, boolean openMetrics) {
        require(text.endsWith("\n"), "the last line has no end");
        require(text.endsWith("# EOF\n") == openMetrics, "# EOF");
        Map<String, Family> families = new LinkedHashMap<>();
        List<Sample> samples = new ArrayList<>();
        Set<String> series = new HashSet<>();
        String help = "";
        String helped = "";
        Family family = new Family("", "", "");
        List<String> lines = text.lines().toList();
        for (String line : openMetrics ? lines.subList(0, lines.size() - 1) : lines) {
            Matcher type = TYPE.matcher(line);
            Matcher helps = HELP.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (helps.matches()) {
                require(!openMetrics || helps.group(2).matches("(?:[^\"\\\\]|\\\\[\\\\\"n])*"), line);
                helped = helps.group(1);
                help = helps.group(2);
                if (openMetrics) {
                    require(helped.equals(family.name()), line);
                    family = new Family(family.name(), family.type(), help);
                    families.put(helped, family);
                }
            } else if (type.matches()) {
                require(openMetrics || type.group(1).equals(helped), "no help before " + line);
                family = new Family(type.group(1), type.group(2), help);
                require(families.put(family.name(), family) == null, "twice: " + line);
            } else if (sample.matches()) {
                require(belongs(sample.group(1), family, openMetrics), line + " doesn't belong to " + family);
                Map<String, String> labels = new TreeMap<>();
                if (sample.group(2) != null) {
                    Matcher label = ONE_LABEL.matcher(sample.group(2));
                    while (label.find()) {
                        require(labels.put(label.group(1), label.group(2)) == null, "label twice: " + line);
                    }
                }
                require(series.add(sample.group(1) + labels), "series twice: " + line);
                double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
                require(!family.type().equals("counter") || value >= 0, line);
                samples.add(new Sample(family.name(), sample.group(1), labels, value));
            } else {
                require(openMetrics && UNIT.matcher(line).matches(), "not of the format: " + line);
            }
        }
        Scraped scraped = new Scraped(families, samples);
        families.values().stream().filter(f -> f.type().equals("histogram")).forEach(scraped::checkHistogram);
        return scraped;
    }

    private static boolean belongs(String sample, Family family, boolean openMetrics) {
        String name = family.name();
        return switch (family.type()) {
            case "counter" ->
                openMetrics ? sample.equals(name + "_total") : sample.equals(name) && name.endsWith("_total");
            case "histogram" ->
                List.of(name + "_bucket", name + "_count", name + "_sum").contains(sample);
            case "summary" -> List.of(name, name + "_count", name + "_sum").contains(sample);
            default -> sample.equals(name);
        };
    }

    private void checkHistogram(Family family) {
        Map<Map<String, String>, List<Sample>> buckets = samples.stream()
                .filter(sample -> sample.name().equals(family.name() + "_bucket"))
                .collect(Collectors.groupingBy(Scraped::withoutBound));
        require(!buckets.isEmpty(), family + " has no buckets");
        buckets.forEach((labels, own) -> {
            double bound = Double.NEGATIVE_INFINITY;
            double count = 0;
            for (Sample bucket : own) {
                double next = Double.parseDouble(bucket.labels().get("le").replace("Inf", "Infinity"));
                require(next > bound && bucket.value() >= count, bucket + " is out of order");
                bound = next;
                count = bucket.value();
            }
            require(bound == Double.POSITIVE_INFINITY, family + " has no +Inf");
            require(value(family.name() + "_count", labels) == count, family + " counts otherwise than its buckets");
            require(value(family.name() + "_sum", labels) >= 0, family + " has no sum");
        });
    }

    private static Map<String, String> withoutBound(Sample sample) {
        Map<String, String> labels = new TreeMap<>(sample.labels());
        labels.remove("le");
        return labels;
    }

    double value(String name, Map<String, String> labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + labels))
                .value();
    }

    Set<String> names() {
        return samples.stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> labels() {
        return samples.stream()
                .flatMap(sample -> sample.labels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void require(boolean so, String what) {
        if (!so) {
            throw new AssertionError(what);
        }
    }
}
