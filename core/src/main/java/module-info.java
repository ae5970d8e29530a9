/// Bounded, tunable, observable pools of virtual threads.
module dev.myrmidon {
    requires static org.jspecify;

    exports dev.myrmidon;
}
