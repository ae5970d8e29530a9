package dev.myrmidon.manage;

/// See [ScalingStrategy#fixed()].
record Fixed() implements ScalingStrategy {
    @Override
    public Controller controller() {
        return sample -> new Proposal(sample.stats().capacity(), "fixed");
    }
}
