package dev.myrmidon.internal;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;

/// An atomic number that shares its cache line with no other one: neighbours that different threads write
/// would slow each other down.
final class PaddedAtomicLong extends AtomicLong {
    @Serial
    private static final long serialVersionUID = 1;

    @SuppressWarnings("unused") // they are there to take room
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
