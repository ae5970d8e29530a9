/// Recipes, one runnable class each.
module dev.myrmidon.examples {
    requires dev.myrmidon;
    requires dev.myrmidon.context;
    requires dev.myrmidon.engine;
    requires dev.myrmidon.manage;
    requires dev.myrmidon.micrometer;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.ratelimiter;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;
}
