/// The numbers of a pool as meters of Micrometer.
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no module descriptors, but names for its modules
module dev.myrmidon.micrometer {
    requires transitive dev.myrmidon;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports dev.myrmidon.micrometer;
}
