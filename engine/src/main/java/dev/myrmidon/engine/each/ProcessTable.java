package dev.myrmidon.engine.each;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The processes of the machine at one moment.
///
/// From Linux's `/proc`, which knows sessions, or else from [ProcessHandle], which knows parents only.
/// Looking takes milliseconds where many processes run, and when a run is stopped each of its commands
/// wants to look at once; so a look that began after it was asked for serves everybody who asked before.
final class ProcessTable {
    private static final File PROC = new File("/proc");
    private static final long NO_SESSION = -1;

    private static final Object LOOKING = new Object();
    private static ProcessTable latest = new ProcessTable(Long.MIN_VALUE, List.of()); // guarded by LOOKING

    private final long since;
    private final List<Entry> entries;

    private ProcessTable(long since, List<Entry> entries) {
        this.since = since;
        this.entries = entries;
    }

    /// @param id the process
    /// @param parent its parent, or 0
    /// @param session the process that leads its session, or [#NO_SESSION]
    private record Entry(long id, long parent, long session) {}

    /// The processes at some moment after this call began.
    static ProcessTable look() {
        long asked = System.nanoTime();
        synchronized (LOOKING) {
            if (latest.since == Long.MIN_VALUE || latest.since - asked < 0) {
                long since = System.nanoTime();
                latest = new ProcessTable(since, PROC.isDirectory() ? fromProc() : fromHandles());
            }
            return latest;
        }
    }

    /// These processes, those they started, those started by them, and all of the sessions that any of them leads.
    Set<Long> startedBy(Set<Long> processes) {
        Set<Long> found = new HashSet<>(processes);
        int before;
        do {
            before = found.size();
            for (Entry entry : entries) {
                if (found.contains(entry.parent) || found.contains(entry.session)) {
                    found.add(entry.id);
                }
            }
        } while (found.size() > before);
        return found;
    }

    /// True if this process runs. One that has ended and only waits for its parent to notice doesn't.
    boolean has(long process) {
        return entries.stream().anyMatch(entry -> entry.id == process);
    }

    private static List<Entry> fromProc() {
        List<Entry> entries = new ArrayList<>();
        String[] names = PROC.list((folder, name) -> Character.isDigit(name.charAt(0)));
        for (String name : names == null ? new String[0] : names) {
            try (InputStream in = new FileInputStream(new File(new File(PROC, name), "stat"))) {
                String stat = new String(in.readNBytes(1024), StandardCharsets.ISO_8859_1);
                // "123 (any (name)) S parent group session …"
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
                boolean ended = fields[0].equals("Z") || fields[0].equals("X");
                if (!ended) {
                    entries.add(new Entry(Long.parseLong(name), Long.parseLong(fields[1]), Long.parseLong(fields[3])));
                }
            } catch (IOException e) {
                // It ended while we looked.
            }
        }
        return entries;
    }

    private static List<Entry> fromHandles() {
        return ProcessHandle.allProcesses()
                .map(handle -> new Entry(
                        handle.pid(), handle.parent().map(ProcessHandle::pid).orElse(0L), NO_SESSION))
                .toList();
    }
}
