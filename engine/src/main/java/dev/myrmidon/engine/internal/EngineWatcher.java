package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.manage.SampleListener;
import dev.myrmidon.manage.ScalingStep;
import dev.myrmidon.manage.alarm.AlarmEvent;

/// Told of all that happens in an engine, each kind in a thread of its own: so an implementation is
/// thread-safe, and short. What it throws is logged.
public interface EngineWatcher extends SampleListener {

    /// A pool was scaled.
    void onStep(ScalingStep step);

    /// An alarm was raised, reminded of or resolved.
    void onAlarm(AlarmEvent event);

    /// A change was applied or refused.
    void onAudit(AuditEntry entry);
}
