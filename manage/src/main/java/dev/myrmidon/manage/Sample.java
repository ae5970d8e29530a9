package dev.myrmidon.manage;

import java.time.Duration;
import java.time.Instant;

/// Numbers of one moment, of a pool or of the whole JVM. Immutable.
public sealed interface Sample permits PoolSample, JvmSample {

    /// {@return when it was taken, to be shown; durations are never differences of these}
    Instant at();

    /// {@return the time since the sample before it of the same pool or JVM; positive}
    Duration interval();
}
