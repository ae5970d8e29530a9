/// Recipes, one runnable class each.
module dev.myrmidon.examples {
    requires dev.myrmidon;
    requires dev.myrmidon.context;
    requires dev.myrmidon.engine;
    requires dev.myrmidon.micrometer;
    requires java.net.http;
    requires jdk.httpserver;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;
}
