package dev.myrmidon.manage.alarm;

import dev.myrmidon.Pool;
import dev.myrmidon.RunningTask;
import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.Sample;
import dev.myrmidon.manage.SampleListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Looks at samples of pools and of the JVM, raises alarms and resolves them, and tells notifiers.
///
/// ```java
/// Alarms alarms = new Alarms(config.rules(), List.of(new LogNotifier()), registry::find);
/// poolMonitor.addListener(alarms);
/// JvmMonitor jvmMonitor = new JvmMonitor(Duration.ofSeconds(5), false, alarms::onSample);
/// ```
///
/// Taking a sample never blocks for a notifier. Thread-safe, but samples of one pool, and those of the JVM,
/// must come one at a time and in their order.
public final class Alarms implements SampleListener, AutoCloseable {
    /// How many events [#recent()] keeps.
    public static final int RECENT = 100;

    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");
    /// How long a close waits for what is under way to be sent.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /// How long a close waits for notifiers to be closed.
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final List<AlarmRule> rules;
    private final List<Delivery> deliveries;
    private final Function<String, Optional<Pool>> pools;
    private final Set<String> failedRules = ConcurrentHashMap.newKeySet();
    private final Subject<JvmSample> jvm;

    /// Held for bookkeeping only, never while code of the user's runs.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Subject<PoolSample>> subjects = new LinkedHashMap<>(); // guarded by lock
    private final Deque<AlarmEvent> recent = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock

    /// Starts with nothing raised.
    ///
    /// @param rules what to look at; no two of the same name
    /// @param notifiers who is told; closed with this
    /// @param pools finds a pool by its name, to look at the tasks that hang; must not block. With one that finds
    ///     none, events have no tasks, and nothing is known of the age of tasks
    /// @throws IllegalArgumentException if two rules have the same name
    public Alarms(List<AlarmRule> rules, List<Notifier> notifiers, Function<String, Optional<Pool>> pools) {
        this(rules, notifiers, pools, System::nanoTime);
    }

    Alarms(
            List<AlarmRule> rules,
            List<Notifier> notifiers,
            Function<String, Optional<Pool>> pools,
            LongSupplier nanoTime) {
        this.rules = List.copyOf(rules);
        this.pools = pools;
        Set<String> names = new HashSet<>();
        for (AlarmRule rule : this.rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("names of alarms must differ, \"" + rule.name() + "\" came twice");
            }
        }
        this.deliveries = notifiers.stream()
                .map(notifier -> new Delivery(notifier, nanoTime))
                .toList();
        this.jvm = new Subject<>(only(OnJvm.class)
                .map(rule -> new Watch<>(rule, rule.gauges().get(), null))
                .toList());
    }

    /// What is watched: one pool, or the JVM.
    private static final class Subject<S extends Sample> {
        final List<Watch<S>> watches;
        long now; // by the one thread that brings samples

        @Nullable
        S last; // guarded by lock

        boolean gone; // guarded by lock

        Subject(List<Watch<S>> watches) {
            this.watches = watches;
        }
    }

    /// One alarm of one subject.
    private static final class Watch<S> {
        final AlarmRule rule;
        final ToDoubleFunction<S> gauge;
        final @Nullable Predicate<RunningTask> culprits;
        final AlarmState state;

        @Nullable
        AlarmEvent up; // guarded by lock

        boolean told; // guarded by lock

        Watch(AlarmRule rule, ToDoubleFunction<S> gauge, @Nullable Predicate<RunningTask> culprits) {
            this.rule = rule;
            this.gauge = gauge;
            this.culprits = culprits;
            this.state = new AlarmState(rule.levels());
        }
    }

    /// Looks at the next sample of a pool.
    @Override
    public void onSample(PoolSample sample) {
        Subject<PoolSample> subject = subject(sample.pool());
        if (subject != null) {
            look(subject, sample);
        }
    }

    /// A new one if it isn't known; null after the end.
    private @Nullable Subject<PoolSample> subject(String pool) {
        lock.lock();
        try {
            return closed ? null : subjects.computeIfAbsent(pool, this::watched);
        } finally {
            lock.unlock();
        }
    }

    /// Looks at the next sample of the JVM.
    ///
    /// @param sample the sample
    public void onSample(JvmSample sample) {
        look(jvm, sample);
    }

    /// Forgets a pool that has gone, and ends its alarms. Nothing happens if it isn't known.
    @Override
    public void onGone(String pool) {
        lock.lock();
        try {
            Subject<PoolSample> subject = subjects.remove(pool);
            if (subject == null) {
                return;
            }
            subject.gone = true;
            PoolSample last = subject.last;
            for (Watch<PoolSample> watch : subject.watches) {
                if (watch.up != null && watch.told && last != null) {
                    publish(new AlarmEvent(
                            AlarmEvent.Kind.RESOLVED,
                            watch.rule.name(),
                            watch.rule.unit(),
                            watch.up.value(),
                            watch.rule.levels(),
                            watch.up.since(),
                            last,
                            0,
                            true,
                            List.of()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// {@return the alarms that are up now, each as it was last raised or reminded of; also those that are not
    /// told because they were told a short time ago. The pools in the order in which they came, the JVM last}
    public List<AlarmEvent> active() {
        lock.lock();
        try {
            return Stream.concat(subjects.values().stream(), Stream.of(jvm))
                    .flatMap(subject -> subject.watches.stream())
                    .map(watch -> watch.up)
                    .filter(up -> up != null)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// {@return the last events, the oldest first; [#RECENT] at most}
    public List<AlarmEvent> recent() {
        lock.lock();
        try {
            return List.copyOf(recent);
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more samples, waits up to 2 seconds until notifiers have told what they have, interrupts those
    /// that are still at it, and closes them all, for which it waits up to one more second. Alarms that are up
    /// are not resolved. If the calling thread is interrupted while it waits, it waits no longer, and the
    /// interrupt status is set when it returns.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        deliveries.forEach(Delivery::shutdown);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Thread> closing =
                deliveries.stream().map(delivery -> delivery.close(deadline)).toList();
        long closed = System.nanoTime() + CLOSING.toNanos();
        try {
            for (Thread thread : closing) {
                thread.join(Duration.ofNanos(Math.max(0, closed - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Subject<PoolSample> watched(String pool) {
        return new Subject<>(only(OnPools.class)
                .map(rule -> {
                    PoolGauge gauge = rule.gauges().get();
                    return new Watch<PoolSample>(
                            rule, sample -> gauge.read(sample, () -> running(pool)), rule.culprits());
                })
                .toList());
    }

    private <R extends AlarmRule> Stream<R> only(Class<R> type) {
        return rules.stream().filter(type::isInstance).map(type::cast);
    }

    private <S extends Sample> void look(Subject<S> subject, S sample) {
        lock.lock();
        try {
            subject.last = sample; // before anything is raised, so that whatever is can be ended with it
        } finally {
            lock.unlock();
        }
        subject.now += sample.interval().toNanos();
        for (Watch<S> watch : subject.watches) {
            double value = value(watch, sample);
            AlarmState.Step step = watch.state.next(subject.now, value);
            if (step == AlarmState.Step.NONE) {
                continue;
            }
            AlarmEvent event = event(subject, watch, step, value, sample);
            lock.lock();
            try {
                if (!closed && !subject.gone) {
                    take(watch, step, event);
                }
            } finally {
                lock.unlock();
            }
        }
        deliveries.forEach(Delivery::check);
    }

    private <S extends Sample> double value(Watch<S> watch, S sample) {
        try {
            return watch.gauge.applyAsDouble(sample);
        } catch (Throwable failure) {
            if (failedRules.add(watch.rule.name())) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "rule " + watch.rule.name() + " failed, and will not be logged again",
                        failure);
            }
            return Double.NaN;
        }
    }

    private <S extends Sample> AlarmEvent event(
            Subject<S> subject, Watch<S> watch, AlarmState.Step step, double value, S sample) {
        AlarmEvent.Kind kind = switch (step) {
            case RESOLVED, CLEARED -> AlarmEvent.Kind.RESOLVED;
            case REMINDED -> AlarmEvent.Kind.REMINDER;
            default -> AlarmEvent.Kind.RAISED;
        };
        return new AlarmEvent(
                kind,
                watch.rule.name(),
                watch.rule.unit(),
                value,
                watch.rule.levels(),
                sample.at().minusNanos(subject.now - watch.state.since()),
                sample,
                step == AlarmState.Step.RAISED ? watch.state.takeUntold() : 0,
                false,
                kind == AlarmEvent.Kind.RESOLVED ? List.of() : late(watch, sample));
    }

    private List<LateTask> late(Watch<?> watch, Sample sample) {
        if (watch.culprits == null || !(sample instanceof PoolSample pool)) {
            return List.of();
        }
        try {
            return LateTask.longest(running(pool.pool()).stream().filter(watch.culprits), AlarmEvent.MAX_TASKS);
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.ERROR, "the tasks of pool " + pool.pool() + " could not be read", failure);
            return List.of();
        }
    }

    private List<RunningTask> running(String pool) {
        return pools.apply(pool).map(Pool::running).orElse(List.of());
    }

    /// Under the lock.
    private void take(Watch<?> watch, AlarmState.Step step, AlarmEvent event) {
        switch (step) {
            case HELD -> watch.up = event;
            case CLEARED -> watch.up = null;
            case RAISED, REMINDED -> {
                watch.up = event;
                watch.told = true;
                publish(event);
            }
            case RESOLVED -> {
                watch.up = null;
                watch.told = false;
                publish(event);
            }
            case NONE -> {}
        }
    }

    /// Under the lock, so that all notifiers get events in the same order; hands them to queues and doesn't wait.
    private void publish(AlarmEvent event) {
        if (recent.size() == RECENT) {
            recent.removeFirst();
        }
        recent.addLast(event);
        deliveries.forEach(delivery -> delivery.offer(event));
        record(event);
    }

    private static void record(AlarmEvent event) {
        try {
            if (FlightRecorder.isInitialized()) {
                FlightAlarm.record(event);
            }
        } catch (Throwable noRecorder) {
            // a class path of a runtime image without it, or no memory; those who are told matter more
        }
    }
}
