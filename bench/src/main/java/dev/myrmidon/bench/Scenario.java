package dev.myrmidon.bench;

import java.util.List;

/// A downstream, and what is asked of it, for a [ScalingSimulation].
///
/// It works at `slots` tasks at once, each of which takes [#TASK_SECONDS] in the mean (exponential). Among more tasks
/// than that it shares itself equally, so that all become slower; and it does less in all if it is one that
/// collapses. Tasks arrive at random (Poisson), for a minute 0.7 times as many as it can do at first, for the
/// next minute 1.3 times as many, and so on, whether or not others have ended.
///
/// @param name in words
/// @param slots at how many tasks it works at once, in the first half
/// @param slotsLater and in the second half
/// @param collapse what each `slots` tasks too many take of its throughput: with 0.5, twice as many tasks as slots
///     leave 1 / 1.5 of it
record Scenario(String name, int slots, int slotsLater, double collapse) {
    static final double TASK_SECONDS = 0.05;

    /// How long a half is.
    static final double HALF_SECONDS = 600;

    private static final double PHASE_SECONDS = 60;
    private static final double CALM = 0.7;
    private static final double FLOOD = 1.3;

    private static final int SLOTS = 40;
    private static final double COLLAPSE = 0.5;

    static final List<Scenario> ALL = List.of(
            new Scenario("slower", SLOTS, SLOTS, 0),
            new Scenario("collapses", SLOTS, SLOTS, COLLAPSE),
            new Scenario("slower, halved", SLOTS, SLOTS / 2, 0),
            new Scenario("collapses, halved", SLOTS, SLOTS / 2, COLLAPSE));

    /// How many tasks arrive per second.
    double arrivals(double now) {
        return slots / TASK_SECONDS * ((int) (now / PHASE_SECONDS) % 2 == 0 ? CALM : FLOOD);
    }

    /// How fast each of that many tasks goes on; 1 if it is alone.
    double speed(double now, int inside) {
        int slotsNow = now < HALF_SECONDS ? slots : slotsLater;
        if (inside <= slotsNow) {
            return 1;
        }
        double load = (double) inside / slotsNow;
        return 1 / load / (1 + collapse * (load - 1));
    }
}
