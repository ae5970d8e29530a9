package dev.myrmidon.engine.each;

/// An item and how it ended.
///
/// @param item the item
/// @param result how it ended
/// @param millis how long it ran
record Outcome(Item item, Result result, long millis) {
    /// What the objects around the bytes take, roughly.
    private static final int OVERHEAD = 200;

    /// How many bytes of memory it takes, roughly.
    long weight() {
        return OVERHEAD
                + item.bytes().length
                + result.output().weight()
                + result.errors().weight();
    }
}
