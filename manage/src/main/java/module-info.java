/// Many pools over time: registry, scaling, monitor, tracker, retry and alarms.
module dev.myrmidon.manage {
    requires transitive dev.myrmidon;
    requires static org.jspecify;

    exports dev.myrmidon.manage;
}
