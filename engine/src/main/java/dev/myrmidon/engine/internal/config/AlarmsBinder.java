package dev.myrmidon.engine.internal.config;

import dev.myrmidon.manage.alarm.AlarmLevels;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.AlarmUnit;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import dev.myrmidon.manage.alarm.WebhookConfig;
import dev.myrmidon.manage.alarm.WebhookTemplate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;

/// Makes an [AlarmsConfig] and a [WebhookConfig] of the keys under `alarms`. Each alarm is given as its threshold
/// alone, or as a section with the rest.
final class AlarmsBinder {
    private static final String LEAST_TASKS = "least_tasks";
    private static final String GROWTH_WINDOW = "growth_window";
    private static final String WEBHOOK = "webhook";
    private static final List<String> LEVEL_KEYS = List.of("threshold", "resolve", "for", "quiet");
    private static final List<String> WEBHOOK_KEYS =
            List.of("url", "template", "timeout", "retries", "backoff", "secret");
    private static final List<String> TEMPLATES = Arrays.stream(WebhookTemplate.values())
            .map(template -> template.name().toLowerCase(Locale.ROOT))
            .toList();

    private final Findings findings;
    private final Section section;

    AlarmsBinder(Findings findings, Section section) {
        List<String> keys = new ArrayList<>(
                Arrays.stream(AlarmType.values()).map(AlarmType::key).toList());
        keys.addAll(List.of(LEAST_TASKS, GROWTH_WINDOW, WEBHOOK));
        this.findings = findings;
        this.section = section.only(keys);
    }

    AlarmsConfig alarms() {
        Setting<Integer> leastTasks =
                section.number(LEAST_TASKS, AlarmsConfig.NONE.leastTasks(), n -> n >= 1, "1 to 2147483647");
        Setting<Duration> growthWindow = section.duration(
                GROWTH_WINDOW,
                AlarmsConfig.NONE.growthWindow(),
                d -> d.compareTo(Duration.ofMinutes(1)) >= 0 && d.compareTo(Duration.ofHours(24)) <= 0,
                "1m to 24h");
        AlarmsConfig alarms = new AlarmsConfig(AlarmsConfig.NONE.levels(), leastTasks.value(), growthWindow.value());
        for (AlarmType type : AlarmType.values()) {
            if (section.has(type.key())) {
                alarms = alarms.with(type, levels(type));
            }
        }
        return alarms;
    }

    private AlarmLevels levels(AlarmType type) {
        if (section.isNothing(type.key())) {
            findings.mistake(
                    section.placeOf(type.key()),
                    section.pathOf(type.key())
                            + ": has no value; expected a threshold (without the key there is no such alarm)");
            return usual(type, 1);
        }
        if (!section.isSection(type.key())) {
            return usual(type, value(type, section, type.key(), 1));
        }
        Section own = section.section(type.key()).only(LEVEL_KEYS);
        if (!own.has("threshold")) {
            findings.mistake(own.place(), own.path() + ": needs a threshold");
        }
        AlarmLevels usual = usual(type, value(type, own, "threshold", 1));
        double resolve = value(type, own, "resolve", usual.resolve());
        if (resolve > usual.threshold()) {
            findings.mistake(
                    own.placeOf("resolve"),
                    own.pathOf("resolve") + ": must be at most the threshold, or it never rests");
            resolve = usual.resolve();
        }
        return usual.resolve(resolve)
                .sustained(own.duration("for", usual.sustained(), d -> !d.isNegative(), "at least \"0s\"")
                        .value())
                .quiet(own.duration("quiet", usual.quiet(), d -> !d.isNegative(), "at least \"0s\"")
                        .value());
    }

    /// The usual levels, with nothing finer than a byte, a nanosecond or a billionth, which could not be written
    /// down; but for thresholds that are finer themselves, which resolve below themselves.
    private static AlarmLevels usual(AlarmType type, double threshold) {
        AlarmLevels usual = type.at(threshold);
        double resolve = BigDecimal.valueOf(usual.resolve())
                .setScale(type.unit() == AlarmUnit.BYTES ? 0 : 9, RoundingMode.HALF_UP)
                .doubleValue();
        return usual.resolve(resolve > 0 ? Math.min(resolve, threshold) : threshold);
    }

    /// A value in the unit of the alarm.
    private static double value(AlarmType type, Section section, String key, double byDefault) {
        boolean isThreshold = !key.equals("resolve");
        return switch (type.unit()) {
            case SHARE ->
                section.decimal(key, byDefault, d -> d > 0 && d <= 1, "above 0 and at most 1")
                        .value();
            case COUNT -> {
                DoublePredicate allowed = d -> isThreshold ? d >= 1 : d > 0;
                yield section.decimal(key, byDefault, allowed, isThreshold ? "at least 1" : "above 0")
                        .value();
            }
            case BYTES ->
                section.bytes(key, byDefault, d -> d >= 1, "at least \"1B\"").value();
            case SECONDS ->
                seconds(section.duration(key, duration(byDefault), Duration::isPositive, "positive")
                        .value());
        };
    }

    static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    Optional<WebhookConfig> webhook() {
        Section own = section.secretSection(WEBHOOK).only(WEBHOOK_KEYS);
        if (!own.isGiven()) {
            return Optional.empty();
        }
        Setting<String> url = own.text("url", "a URL");
        Setting<String> template = own.word(
                "template", "json", TEMPLATES::contains, "is not a template: must be " + String.join(", ", TEMPLATES));
        Setting<Duration> timeout = own.duration(
                "timeout",
                Duration.ofSeconds(5),
                d -> d.isPositive() && d.compareTo(Duration.ofHours(1)) <= 0,
                "positive, and at most 1h");
        Setting<Integer> retries = own.number("retries", 3, n -> n >= 0 && n <= 10, "0 to 10");
        Setting<Duration> backoff = own.duration(
                "backoff",
                Duration.ofSeconds(1),
                d -> d.isPositive() && d.compareTo(Duration.ofMinutes(1)) <= 0,
                "positive, and at most 1m");
        Setting<String> secret = own.text("secret", "a secret");
        if (!url.given()) {
            findings.mistake(own.place(), own.path() + ": needs a url");
            return Optional.empty();
        }
        try {
            return Optional.of(new WebhookConfig(
                    new URI(url.value()),
                    WebhookTemplate.valueOf(template.value().toUpperCase(Locale.ROOT)),
                    timeout.value(),
                    retries.value(),
                    backoff.value(),
                    secret.given() ? Optional.of(secret.value()) : Optional.empty()));
        } catch (URISyntaxException e) {
            findings.mistake(url.place(), own.pathOf("url") + ": is not a URL: " + e.getReason());
        } catch (IllegalArgumentException e) {
            findings.mistake(own.place(), own.path() + ": " + e.getMessage());
        }
        return Optional.empty();
    }
}
