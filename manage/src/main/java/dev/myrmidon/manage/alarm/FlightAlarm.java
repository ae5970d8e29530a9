package dev.myrmidon.manage.alarm;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// An [AlarmEvent] for the JVM's flight recorder. Has no stack trace: it is always the monitor's. To touch this
/// class loads the recorder, so it is for JVMs in which that has been started.
@Name("dev.myrmidon.Alarm")
@Label("Alarm")
@Category("Myrmidon")
@Description("An alarm was raised, is still up, or was resolved")
@StackTrace(false)
final class FlightAlarm extends Event {
    @Label("Kind")
    @Description("RAISED, REMINDER or RESOLVED")
    @Nullable
    String kind;

    @Label("Alarm")
    @Description("The name of the rule")
    @Nullable
    String alarm;

    @Label("Pool")
    @Description("The pool that it is about; none if it is about the JVM")
    @Nullable
    String pool;

    @Label("Value")
    double value;

    @Label("Message")
    @Description("The value with its limits, and the numbers of the sample")
    @Nullable
    String message;

    /// Records an event if a recording wants it. Doesn't wait.
    static void record(AlarmEvent event) {
        FlightAlarm recorded = new FlightAlarm();
        if (recorded.isEnabled()) {
            recorded.kind = event.kind().name();
            recorded.alarm = event.alarm();
            recorded.pool = event.pool().orElse(null);
            recorded.value = event.value();
            recorded.message = event.message();
            recorded.commit();
        }
    }
}
