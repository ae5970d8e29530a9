package dev.myrmidon.engine.internal.config;

import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.manage.ScalingConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/// The section `scaling` of a pool, for those who show it or set it elsewhere than in a file: keys, and values as
/// the file has them, so that durations are texts with a unit.
public final class ScalingKeys {
    private static final String SCALING = "scaling";

    private ScalingKeys() {}

    /// {@return every key, with its value: a number or a text}
    public static Map<String, Object> of(ScalingConfig scaling) {
        Map<String, Object> keys = new LinkedHashMap<>();
        Findings findings = new Findings(SCALING);
        if (YamlTree.read(ConfigWriter.scaling(scaling), findings) instanceof Node.Mapping written) {
            written.entries().forEach(entry -> keys.put(entry.key(), value((Node.Scalar) entry.value())));
        }
        findings.check(); // what was written can be read
        return keys;
    }

    private static Object value(Node.Scalar scalar) {
        return switch (scalar.kind()) {
            case INTEGER -> Integer.valueOf(scalar.text());
            case FLOAT -> Double.valueOf(scalar.text());
            default -> scalar.text();
        };
    }

    /// What the keys say, with the default for each that is left out.
    ///
    /// @param keys and values: null, booleans, numbers, texts, maps of this kind, and lists
    /// @param pool that is to be scaled so
    /// @throws ConfigException if anything is wrong; lists every mistake, without a position
    public static ScalingConfig bind(Map<?, ?> keys, PoolConfig pool) {
        Findings findings = new Findings(SCALING);
        Section section = Section.of(findings, SCALING, Node.of(keys));
        ScalingConfig bound = ScalingBinder.bind(findings, section, pool);
        if (!section.isGiven()) {
            findings.mistake(Place.START, SCALING + ": needs both min and max, between which the capacity is to move");
        }
        findings.checkWithoutPlaces();
        if (bound == null) {
            throw new IllegalStateException("scaling is not bound, and nothing is wrong with it");
        }
        return bound;
    }
}
