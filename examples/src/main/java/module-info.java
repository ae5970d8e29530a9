/// Recipes, one runnable class each.
module dev.myrmidon.examples {
    requires dev.myrmidon;
    requires dev.myrmidon.context;
    requires dev.myrmidon.engine;
    requires dev.myrmidon.manage;
    requires java.net.http;
    requires jdk.httpserver;
    requires static org.jspecify;
}
