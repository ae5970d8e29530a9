package dev.myrmidon.engine.internal.config;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.EngineConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What differs between two configurations, key by key, as [ConfigWriter] writes them.
///
/// @param changes one line each, such as `images.size 200 → 400`
/// @param needRestart those of them that can't be made while the engine runs
/// @param added the names of pools that only the second one has, in its order
/// @param removed the names of pools that only the first one has, in its order
public record ConfigDiff(List<String> changes, List<String> needRestart, List<String> added, List<String> removed) {
    /// What is settled when a pool is opened.
    private static final Set<String> NEED_RESTART =
            Set.of("queue.order", "queue.aging", "isolated", "timed", "pre_alloc");

    /// What listens to pools, and where the engine listens, is settled then, too.
    private static final Set<String> SECTIONS_NEED_RESTART = Set.of("tracker", "management");

    /// How changes of the default pool are shown: as it stands in the file.
    private static final String DEFAULT_POOL = "pool";

    private static final String PRE_ALLOC = "pre_alloc";
    private static final String NOTHING = "none";

    /// Copies the lists.
    public ConfigDiff {
        changes = List.copyOf(changes);
        needRestart = List.copyOf(needRestart);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /// {@return what differs}
    public static ConfigDiff between(EngineConfig before, EngineConfig after) {
        return new Comparison(before, after).diff();
    }

    private static boolean canPreallocate(PoolConfig pool) {
        return pool.capacity() != Pool.UNBOUNDED && pool.capacity() <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
    }

    /// The keys and values of a configuration: those of each pool under its name, those of no pool under "".
    private static Map<String, Map<String, String>> flat(EngineConfig config) {
        Findings findings = new Findings("the configuration");
        Node root = YamlTree.read(ConfigWriter.writeWithoutSecrets(config), findings);
        findings.check(); // what was written can be read
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        for (Node.Entry top : entries(root)) {
            switch (top.key()) {
                case DEFAULT_POOL -> sections.put(DEFAULT_POOL, flat("", top.value(), new LinkedHashMap<>()));
                case "pools" ->
                    entries(top.value())
                            .forEach(pool -> sections.put(pool.key(), flat("", pool.value(), new LinkedHashMap<>())));
                default -> flat(top.key(), top.value(), others);
            }
        }
        sections.put("", others);
        return sections;
    }

    private static Map<String, String> flat(String path, Node node, Map<String, String> into) {
        if (node instanceof Node.Scalar scalar) {
            into.put(path, scalar.text());
        } else {
            entries(node)
                    .forEach(entry ->
                            flat(path.isEmpty() ? entry.key() : path + "." + entry.key(), entry.value(), into));
        }
        return into;
    }

    private static List<Node.Entry> entries(@Nullable Node node) {
        if (node instanceof Node.Mapping mapping) {
            return mapping.entries();
        }
        throw new IllegalStateException("a configuration has no " + node);
    }

    private static final class Comparison {
        private final EngineConfig before;
        private final EngineConfig after;
        private final List<String> changes = new ArrayList<>();
        private final List<String> needRestart = new ArrayList<>();

        Comparison(EngineConfig before, EngineConfig after) {
            this.before = before;
            this.after = after;
        }

        ConfigDiff diff() {
            Map<String, Map<String, String>> from = flat(before);
            Map<String, Map<String, String>> to = flat(after);
            List<String> added = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            to.forEach((section, keys) -> {
                Map<String, String> keysBefore = from.get(section);
                if (keysBefore == null) {
                    added.add(section);
                    changes.add(section + " added (size " + keys.get("size") + ")");
                } else {
                    compare(section, keysBefore, keys);
                }
            });
            from.keySet().stream().filter(section -> !to.containsKey(section)).forEach(section -> {
                removed.add(section);
                changes.add(section + " removed");
            });
            return new ConfigDiff(changes, needRestart, added, removed);
        }

        private void compare(String section, Map<String, String> from, Map<String, String> to) {
            Set<String> keys = new LinkedHashSet<>(from.keySet());
            keys.addAll(to.keySet());
            for (String key : keys) {
                String was = from.getOrDefault(key, NOTHING);
                String is = to.getOrDefault(key, NOTHING);
                if (was.equals(is) || (key.equals(PRE_ALLOC) && followsFromSize(section))) {
                    continue;
                }
                String change = (section.isEmpty() ? "" : section + ".") + key + " " + was + " → " + is;
                changes.add(change);
                if (section.isEmpty() ? SECTIONS_NEED_RESTART.contains(firstOf(key)) : NEED_RESTART.contains(key)) {
                    needRestart.add(change);
                }
            }
        }

        private static String firstOf(String key) {
            int dot = key.indexOf('.');
            return dot < 0 ? key : key.substring(0, dot);
        }

        /// Where a pool can't be preallocated, or couldn't, it is the size that changed, and nobody asked for
        /// more.
        private boolean followsFromSize(String pool) {
            return !canPreallocate(config(before, pool)) || !canPreallocate(config(after, pool));
        }

        private static PoolConfig config(EngineConfig config, String pool) {
            PoolConfig named = config.pools().get(pool);
            return named == null ? config.pool() : named;
        }
    }
}
