package dev.myrmidon.internal;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tasks with equal keys take turns: one of them has the *turn* from when it gets a slot, a place in the
/// queue or a place among those who wait for room, until it has ended or left. The others stand behind it,
/// in the order of their arrival: *held* if they are accepted, else *waiting*. They hold no slot there, so a
/// busy key is in nobody's way.
///
/// A key costs nothing but while a task of it is in the pool.
///
/// All but `lines` is guarded by the lock of the [Gate]. That one is looked up outside, since it asks the
/// user's keys whether they are equal.
final class Keys {
    private final Map<Object, KeyLine> lines = new ConcurrentHashMap<>();

    /// Accepted tasks behind others of their key, over all keys, in order of arrival.
    private final Set<Line.Entry> held = new LinkedHashSet<>();

    /// The same for submitters that wait.
    private final Set<Line.Entry> waiting = new LinkedHashSet<>();

    /// Those whose last member has left, linked.
    private @Nullable KeyLine forgotten;

    private final boolean notesArrivals;

    /// @param notesArrivals whether to note when tasks arrive that don't know when they were submitted
    Keys(boolean notesArrivals) {
        this.notesArrivals = notesArrivals;
    }

    /// The tasks of one key.
    static final class KeyLine {
        final Object key;
        private final ArrivalLine behind;
        private @Nullable SubmittedTask<?> turn;
        /// How many tasks are in it; below 0 once it is to be forgotten.
        private int members;

        private @Nullable KeyLine nextForgotten;

        KeyLine(Object key, boolean notesArrivals) {
            this.key = key;
            this.behind = new ArrivalLine(notesArrivals);
        }
    }

    /// The line of a key, which may be about to be forgotten. Called under no lock.
    KeyLine line(Object key) {
        return lines.computeIfAbsent(key, k -> new KeyLine(k, notesArrivals));
    }

    /// Forgets a line whose last member has left. Called under no lock.
    void forget(KeyLine line) {
        lines.remove(line.key, line);
    }

    /// Forgets all lines of [#takeForgotten()]. Called under no lock.
    void forgetAll(@Nullable KeyLine first) {
        for (KeyLine line = first; line != null; line = line.nextForgotten) {
            forget(line);
        }
    }

    /// The lines that are to be forgotten.
    @Nullable
    KeyLine takeForgotten() {
        KeyLine first = forgotten;
        forgotten = null;
        return first;
    }

    /// Makes a task a member of its key's line.
    ///
    /// @return false if the line is to be forgotten: the last member has left
    boolean join(KeyLine line, SubmittedTask<?> task) {
        if (line.members < 0) {
            return false;
        }
        line.members++;
        task.keyLine = line;
        return true;
    }

    /// True if another task has the turn.
    boolean mustWait(Runnable task) {
        KeyLine line = line(task);
        return line != null && line.turn != null && line.turn != task;
    }

    /// True if a submitter waits already behind the one that has the turn.
    boolean hasWaiting(Runnable task) {
        KeyLine line = line(task);
        return line != null && line.behind.size() > 0 && waiting.contains(line.behind.last());
    }

    /// Gives a task the turn, if it has a key.
    void takeTurn(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted && submitted.keyLine != null) {
            submitted.keyLine.turn = submitted;
        }
    }

    /// Puts an accepted task behind the one that has the turn.
    void hold(Line.Entry entry) {
        behind(entry).addLast(entry);
        held.add(entry);
    }

    /// Puts a submitter that waits behind the one that has the turn.
    void await(Line.Entry entry) {
        behind(entry).addLast(entry);
        waiting.add(entry);
    }

    /// How many accepted tasks stand behind others.
    int held() {
        return held.size();
    }

    /// How many submitters wait behind others.
    int waiting() {
        return waiting.size();
    }

    /// How long the oldest of those that stand behind others has waited, in nanoseconds: 0 if there is none,
    /// [Line#UNKNOWN] if nobody can tell.
    long longest(long now) {
        return Math.max(longest(held, now), longest(waiting, now));
    }

    private static long longest(Set<Line.Entry> entries, long now) {
        return entries.isEmpty() ? 0 : entries.iterator().next().age(now);
    }

    /// Takes the submitter that has waited for longest and makes its task a held one, in its place.
    Line.@Nullable Entry acceptOldest() {
        if (waiting.isEmpty()) {
            return null;
        }
        Line.Entry oldest = waiting.iterator().next();
        waiting.remove(oldest);
        held.add(oldest);
        return oldest;
    }

    /// Takes out the held task that arrived first; null if there is none.
    Line.@Nullable Entry pollHeld() {
        return pollFirst(held);
    }

    /// Takes out the submitter that has waited for longest; null if there is none.
    Line.@Nullable Entry pollWaiting() {
        return pollFirst(waiting);
    }

    /// True if an entry stands behind others as an accepted one.
    boolean contains(Line.Entry entry) {
        return held.contains(entry);
    }

    /// Takes an entry out that stands behind others.
    ///
    /// @return false if it doesn't
    boolean remove(Line.Entry entry) {
        return (held.remove(entry) || waiting.remove(entry)) && behind(entry).remove(entry);
    }

    /// Lets a task leave its line that has ended or will not run, and gives its turn, if it has it, to the
    /// next.
    ///
    /// @return the entry that has the turn now and stands nowhere; null if there is none
    Line.@Nullable Entry leave(SubmittedTask<?> task) {
        KeyLine line = task.keyLine;
        if (line == null) {
            return null;
        }
        task.keyLine = null;
        line.members--;
        if (line.members == 0) {
            line.members = -1;
            line.nextForgotten = forgotten;
            forgotten = line;
        }
        if (line.turn != task) {
            return null;
        }
        Line.Entry next = line.behind.pollFirst();
        line.turn = next == null ? null : (SubmittedTask<?>) next.task;
        return next;
    }

    /// True if an entry that has just got its turn was held, and not waiting.
    boolean wasHeld(Line.Entry entry) {
        boolean wasHeld = held.remove(entry);
        if (!wasHeld) {
            waiting.remove(entry);
        }
        return wasHeld;
    }

    private static Line.@Nullable Entry pollFirst(Set<Line.Entry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        Line.Entry first = entries.iterator().next();
        entries.remove(first);
        behind(first).remove(first);
        return first;
    }

    private static @Nullable KeyLine line(Runnable task) {
        return task instanceof SubmittedTask<?> submitted ? submitted.keyLine : null;
    }

    private static ArrivalLine behind(Line.Entry entry) {
        KeyLine line = line(entry.task);
        if (line == null) {
            throw new AssertionError("stands in no line of a key");
        }
        return line.behind;
    }
}
