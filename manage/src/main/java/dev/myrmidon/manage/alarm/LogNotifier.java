package dev.myrmidon.manage.alarm;

import java.lang.System.Logger.Level;

/// Writes alarms into the log, to the logger `dev.myrmidon.alarms`: those that are raised or still up as
/// warnings, resolved ones as information. Stacks of tasks follow on lines of their own.
public final class LogNotifier implements Notifier {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.alarms");

    /// A notifier; all are alike.
    public LogNotifier() {}

    @Override
    public void send(AlarmEvent event) {
        String details = event.details();
        LOG.log(
                event.kind() == AlarmEvent.Kind.RESOLVED ? Level.INFO : Level.WARNING,
                details.isEmpty() ? event.message() : event.message() + "\n" + details.stripTrailing());
    }

    @Override
    public String name() {
        return "log";
    }
}
