/// Recipes, one runnable class each.
module dev.myrmidon.examples {
    requires dev.myrmidon;
    requires dev.myrmidon.context;
    requires dev.myrmidon.engine;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires static org.jspecify;
}
