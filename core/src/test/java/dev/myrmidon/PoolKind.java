package dev.myrmidon;

import java.time.Duration;

/// Pools that all keep the JDK's contracts, whatever else they do.
enum PoolKind {
    PLAIN {
        @Override
        PoolBuilder builder() {
            return named().capacity(4);
        }
    },
    QUEUED {
        @Override
        PoolBuilder builder() {
            return named().capacity(2).queueCapacity(1_000);
        }
    },
    ONE_SLOT {
        @Override
        PoolBuilder builder() {
            return named().capacity(1).queueCapacity(1_000);
        }
    },
    UNBOUNDED {
        @Override
        PoolBuilder builder() {
            return named().capacity(Pool.UNBOUNDED);
        }
    },
    WITH_TIMEOUT {
        @Override
        PoolBuilder builder() {
            return named().capacity(4).taskTimeout(Duration.ofHours(1));
        }
    },
    WITH_START_WITHIN {
        @Override
        PoolBuilder builder() {
            return named().capacity(2).queueCapacity(1_000).startWithin(Duration.ofHours(1));
        }
    },
    WITH_LISTENER {
        @Override
        PoolBuilder builder() {
            return named().capacity(4).listener(_ -> {});
        }
    },
    DECORATED {
        @Override
        PoolBuilder builder() {
            return named().capacity(4).decorator(task -> () -> task.run());
        }
    },
    TIMED {
        @Override
        PoolBuilder builder() {
            return named().capacity(4).timed(true);
        }
    },
    ISOLATED {
        @Override
        PoolBuilder builder() {
            return named().capacity(4).queueCapacity(1_000).isolated(); // it refuses what it can't queue inside a task
        }
    };

    abstract PoolBuilder builder();

    Pool open() {
        return builder().build();
    }

    private static PoolBuilder named() {
        return Pool.builder("orders");
    }
}
