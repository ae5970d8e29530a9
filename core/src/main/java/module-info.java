/// Bounded, tunable, observable pools of virtual threads.
module dev.myrmidon {
    requires jdk.jfr;
    requires static org.jspecify;

    exports dev.myrmidon;
}
