/// Takes the context of whoever submits a task to where it runs.
module dev.myrmidon.context {
    requires transitive dev.myrmidon;
    requires static context.propagation;
    requires static org.jspecify;
    requires static org.slf4j;

    exports dev.myrmidon.context;
}
