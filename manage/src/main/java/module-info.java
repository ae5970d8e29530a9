/// Many pools over time: registry, scaling, monitor, tracker, retry and alarms.
@SuppressWarnings({
    "requires-transitive-automatic", // no module yet, but its name is fixed; whoever retries configures it
    "module" // engine is built after this one
})
module dev.myrmidon.manage {
    requires transitive dev.myrmidon;
    requires transitive io.github.resilience4j.core;
    requires transitive io.github.resilience4j.retry;
    requires java.management;
    requires java.net.http;
    requires jdk.jfr;
    requires jdk.management;
    requires static org.jspecify;

    exports dev.myrmidon.manage;
    exports dev.myrmidon.manage.alarm;
    exports dev.myrmidon.manage.internal to
            dev.myrmidon.engine;
}
