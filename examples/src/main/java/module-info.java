/// Recipes, one runnable class each, and a service to look at an engine with.
module dev.myrmidon.examples {
    requires dev.myrmidon;
    requires dev.myrmidon.context;
    requires dev.myrmidon.engine;
    requires dev.myrmidon.manage;
    requires dev.myrmidon.micrometer;
    requires info.picocli;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.ratelimiter;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;

    opens dev.myrmidon.examples.service to
            info.picocli;
}
