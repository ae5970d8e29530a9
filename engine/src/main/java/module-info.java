/// Pools from a configuration file, and the command line.
module dev.myrmidon.engine {
    requires transitive dev.myrmidon;
    requires transitive dev.myrmidon.manage;
    requires dev.myrmidon.micrometer;
    requires info.picocli;
    requires java.logging;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.unsupported; // sun.misc.Signal
    requires me.tongfei.progressbar;
    requires micrometer.commons;
    requires micrometer.core;
    requires micrometer.registry.otlp;
    requires micrometer.registry.prometheus;
    requires org.jline.terminal;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.dataformat.yaml;

    exports dev.myrmidon.engine;

    opens dev.myrmidon.engine.cli to
            info.picocli;
}
