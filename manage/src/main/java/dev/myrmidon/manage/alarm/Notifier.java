package dev.myrmidon.manage.alarm;

/// Tells somebody of alarms. [Alarms] gives each notifier a platform thread of its own and a queue in front of
/// it, so that it may block, hang or fail without harm to anything but itself.
@FunctionalInterface
public interface Notifier extends AutoCloseable {

    /// Tells of one event. Called for one event at a time, in their order; may block. What it throws is logged
    /// once until it succeeds again, and the event is lost.
    ///
    /// @param event what happened
    /// @throws Exception if it could not be told
    void send(AlarmEvent event) throws Exception;

    /// {@return what it is called in the log; without secrets}
    default String name() {
        return getClass().getName();
    }

    /// Gives back what it holds. Called once, when the alarms are closed, maybe while `send` hangs. What it throws
    /// is logged.
    @Override
    default void close() {}
}
