/// Many pools over time: registry, scaling, monitor, tracker, retry and alarms.
module dev.myrmidon.manage {
    requires transitive dev.myrmidon;
    requires java.management;
    requires java.net.http;
    requires jdk.jfr;
    requires jdk.management;
    requires static org.jspecify;

    exports dev.myrmidon.manage;
    exports dev.myrmidon.manage.alarm;
}
