package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.alarm.AlarmEvent;
import dev.myrmidon.manage.alarm.AlarmLevels;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.Alarms;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import dev.myrmidon.manage.alarm.LateTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Tells somebody when a pool is in trouble, and when that is over.
///
/// Here a task hangs: it has timed out, doesn't heed the interrupt and holds its slot. The alarm is raised while
/// it hangs and says where. Whoever wants to be told implements [dev.myrmidon.manage.alarm.Notifier], or takes the
/// one that writes into the log or the one for webhooks.
final class RaiseAlarms {
    private static final CountDownLatch ASKED = new CountDownLatch(1);
    private static final CountDownLatch RAISED = new CountDownLatch(1);
    private static final CountDownLatch RESOLVED = new CountDownLatch(1);

    static void main() throws InterruptedException {
        AlarmsConfig config = AlarmsConfig.NONE
                .with(AlarmType.OVERDUE, 1)
                .with(AlarmType.POOL_USAGE, AlarmLevels.at(0.9).sustained(Duration.ofMinutes(1)));
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (PoolRegistry pools = new PoolRegistry();
                Alarms alarms = new Alarms(config.rules(), List.of(RaiseAlarms::print), pools::find);
                PoolMonitor monitor = PoolMonitor.start(pools::pools, MonitorConfig.every(Duration.ofMillis(20)))) {
            Pool quotes = pools.create(Pool.builder("quotes").capacity(10).config());
            var _ = quotes.submit(() -> ask(answer), TaskOptions.named("quote").timeout(Duration.ofMillis(20)));
            ASKED.await();
            monitor.addListener(alarms);
            RAISED.await();
            IO.println("up: " + alarms.active().stream().map(AlarmEvent::alarm).toList());
            answer.complete("too late");
            RESOLVED.await();
            IO.println("up: " + alarms.active().stream().map(AlarmEvent::alarm).toList());
        }
    }

    private static String ask(CompletableFuture<String> answer) {
        ASKED.countDown();
        return answer.join(); // interrupts don't wake a join
    }

    private static void print(AlarmEvent event) {
        IO.println(event.alarm() + " of pool " + event.pool().orElseThrow() + " " + event.kind());
        for (LateTask task : event.tasks()) {
            IO.println("  " + task.name() + " hangs in " + ownCall(task).getMethodName());
        }
        (event.kind() == AlarmEvent.Kind.RAISED ? RAISED : RESOLVED).countDown();
    }

    private static StackTraceElement ownCall(LateTask task) {
        return task.stack().stream()
                .filter(call -> call.getClassName().equals(RaiseAlarms.class.getName()))
                .findFirst()
                .orElseThrow();
    }
}
