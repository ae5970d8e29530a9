package dev.myrmidon.examples;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryListener;
import dev.myrmidon.manage.RegistryReport;
import java.time.Duration;

/// Keeps pools under their names, opens them when they are first needed, and closes them together.
///
/// Use it where pools come and go, one for each tenant, say, and where tasks of one pool submit into another:
/// told so, the registry closes that one after the first, and no task finds it closed.
final class KeepPoolsInARegistry {
    static void main() {
        PoolRegistry pools = new PoolRegistry();
        pools.addListener(new Announcer()); // where a monitor would begin and end to watch
        Pool parse = pools.create(config("parse", 4));
        Pool store = pools.create(config("store", 2));
        pools.feeds("parse", "store");

        forTenant(pools, "acme").execute(() -> {});
        forTenant(pools, "acme").execute(() -> {}); // the same pool
        CloseReport gone = pools.destroy("acme", Duration.ofSeconds(30)); // its name is free again
        IO.println(gone.name() + " clean: " + gone.clean());

        try {
            pools.feeds("store", "parse");
        } catch (IllegalArgumentException e) {
            IO.println(e.getMessage());
        }

        parse.execute(() -> store.execute(() -> IO.println("stored")));
        RegistryReport report = pools.close(Duration.ofSeconds(30)); // store closes after parse
        IO.println("clean: " + report.clean());
    }

    /// However many threads ask at once, one pool is opened.
    private static Pool forTenant(PoolRegistry pools, String tenant) {
        return pools.getOrCreate(config(tenant, 10));
    }

    private static PoolConfig config(String name, int capacity) {
        return Pool.builder(name).capacity(capacity).config();
    }

    private static final class Announcer implements RegistryListener {
        @Override
        public void created(Pool pool) {
            IO.println("+ " + pool.config().name());
        }

        @Override
        public void destroyed(Pool pool) {
            IO.println("- " + pool.config().name());
        }
    }
}
