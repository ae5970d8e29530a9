package dev.myrmidon.manage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stack trace of what a task threw, as lines that keep nothing of it alive.
final class StackLines {
    private static final int MAX_FRAMES = 16;
    private static final int MAX_THROWN = 5;

    private StackLines() {}

    /// The calls, and those of each cause after a line `Caused by: …`, without what a cause shares with what it
    /// caused. Never throws, whatever the methods of what was thrown do.
    static List<String> of(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        try {
            StackTraceElement[] frames = thrown.getStackTrace();
            addFrames(lines, frames, frames.length);
            Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            seen.add(thrown);
            @Nullable Throwable cause = thrown.getCause();
            while (cause != null && seen.size() < MAX_THROWN && seen.add(cause)) {
                lines.add("Caused by: " + TaskTracker.describe(cause));
                StackTraceElement[] enclosing = frames;
                frames = cause.getStackTrace();
                addFrames(lines, frames, frames.length - inCommon(frames, enclosing));
                cause = cause.getCause();
            }
        } catch (Throwable _) {
            lines.add("the rest can't be read"); // a method of what was thrown is overridden, and fails
        }
        return List.copyOf(lines);
    }

    private static void addFrames(List<String> lines, StackTraceElement[] frames, int own) {
        int shown = Math.min(own, MAX_FRAMES);
        for (int i = 0; i < shown; i++) {
            lines.add(TaskTracker.cut("at " + frames[i]));
        }
        if (shown < frames.length) {
            lines.add("... " + (frames.length - shown) + " more");
        }
    }

    private static int inCommon(StackTraceElement[] frames, StackTraceElement[] enclosing) {
        int most = Math.min(frames.length, enclosing.length);
        int same = 0;
        while (same < most && frames[frames.length - 1 - same].equals(enclosing[enclosing.length - 1 - same])) {
            same++;
        }
        return same;
    }
}
