package dev.myrmidon.engine.internal.config;

import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.config.Node.Entry;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes an [EngineConfig] of the tree of a file.
final class ConfigBinder {
    private static final List<String> KEYS =
            List.of("pool", "pools", "monitor", "tracker", "alarms", "management", "metrics", "shutdown");
    private static final List<String> SHUTDOWN_KEYS = List.of("grace");

    /// Names go into the names of threads, into logs and into addresses.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private ConfigBinder() {}

    /// What the tree says, with the default for everything that it leaves out. Worth something only if no
    /// mistake was found.
    ///
    /// @param root null if the file has nothing but comments
    static EngineConfig bind(Findings findings, @Nullable Node root) {
        Section top = Section.of(findings, "", root).only(KEYS);
        Map<String, ScalingConfig> scaling = new LinkedHashMap<>();
        PoolConfig pool = pool(findings, EngineConfig.DEFAULT_POOL, top.section("pool"), scaling);
        Map<String, PoolConfig> pools = pools(findings, top.section("pools"), scaling);
        MonitorConfig monitor = MonitorBinder.monitor(top.section("monitor"));
        Optional<TrackerConfig> tracker = MonitorBinder.tracker(top.section("tracker"));
        AlarmsBinder alarms = new AlarmsBinder(findings, top.section("alarms"));
        Duration grace = top.section("shutdown")
                .only(SHUTDOWN_KEYS)
                .duration("grace", EngineConfig.defaults().grace(), d -> !d.isNegative(), "at least \"0s\"")
                .value();
        return new EngineConfig(
                pool,
                pools,
                findings.isEmpty() ? scaling : Map.of(),
                monitor,
                tracker,
                alarms.alarms(),
                alarms.webhook(),
                ManagementBinder.bind(findings, top.section("management")),
                MetricsBinder.otlp(findings, top.section("metrics")),
                grace);
    }

    private static PoolConfig pool(
            Findings findings, String name, Section section, Map<String, ScalingConfig> scaling) {
        PoolConfig pool = PoolBinder.bind(findings, name, section);
        ScalingConfig scaled = ScalingBinder.bind(findings, section.section("scaling"), pool);
        if (scaled != null) {
            scaling.put(name, scaled);
        }
        return pool;
    }

    private static Map<String, PoolConfig> pools(
            Findings findings, Section section, Map<String, ScalingConfig> scaling) {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (Entry entry : section.entries()) {
            String name = entry.key();
            String path = section.pathOf(name);
            if (name.equals(EngineConfig.DEFAULT_POOL) || name.equals("pool")) {
                findings.mistake(
                        entry.keyPlace(),
                        path + ": the name is taken; the default pool stands under \"pool\" at the top");
            } else if (!NAME.matcher(name).matches()) {
                findings.mistake(
                        entry.keyPlace(),
                        "pools: " + Shown.quoted(name)
                                + " is not a name for a pool: 1 to 64 letters, digits, dots, dashes and"
                                + " underscores, of which the first is a letter or digit");
            } else {
                pools.put(name, pool(findings, name, Section.of(findings, path, entry.value()), scaling));
            }
        }
        return pools;
    }
}
