package dev.myrmidon.engine.internal.top;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.internal.client.Capacity;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.client.PoolView;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.text.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is looked at and what the keys do: no input, no output, no time of its own. For one thread.
final class View {
    private static final Duration NOTICE = Duration.ofSeconds(6);
    private static final int MOST_TYPED = 40;
    private static final int PAGE = 10;

    /// What the keys are for at the moment.
    sealed interface Mode {
        /// Moving around.
        record Normal() implements Mode {}

        /// The keys are explained.
        record Help() implements Mode {}

        /// Names of pools are filtered while one types.
        record Filtering() implements Mode {}

        /// A capacity is typed.
        ///
        /// @param was the capacity when that began
        record Resizing(String pool, long was, String text) implements Mode {}

        /// A question that `y` says yes to.
        record Confirming(String question, Action action) implements Mode {}

        /// A task is looked at.
        ///
        /// @param from the first line that is seen
        record Inspecting(List<String> lines, int from) implements Mode {}
    }

    /// Something to be told.
    record Notice(String text, boolean bad, Instant at) {}

    private static final Mode NORMAL = new Mode.Normal();

    private Snapshot snapshot;
    private Mode mode = NORMAL;
    private Order order = Order.RUNNING;
    private String filter = "";
    private Optional<String> pool = Optional.empty();
    private boolean inTasks;
    private int task;
    private @Nullable Long taskId;
    private Optional<Notice> notice = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private Instant lost = Instant.EPOCH;

    View(Snapshot first) {
        this.snapshot = first;
        settle();
    }

    /// A new look at the engine.
    void show(Snapshot next) {
        if (trouble.isPresent()) {
            notice = Optional.of(new Notice("the connection is back", false, next.at()));
        }
        snapshot = next;
        trouble = Optional.empty();
        settle();
    }

    /// A look that failed.
    void lose(String why, Instant now) {
        if (trouble.isEmpty()) {
            lost = now;
        }
        trouble = Optional.of(why);
    }

    void tell(String text, boolean bad, Instant now) {
        notice = Optional.of(new Notice(text, bad, now));
    }

    /// Shows lines about a task.
    void inspect(List<String> lines) {
        mode = new Mode.Inspecting(lines, 0);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Mode mode() {
        return mode;
    }

    Order order() {
        return order;
    }

    String filter() {
        return filter;
    }

    boolean inTasks() {
        return inTasks;
    }

    int task() {
        return task;
    }

    /// The name of the pool that is selected, if there is any.
    Optional<String> pool() {
        return pool;
    }

    /// What to tell at this moment.
    Optional<Notice> notice(Instant now) {
        return notice.filter(told -> Duration.between(told.at(), now).compareTo(NOTICE) < 0);
    }

    /// Why there is no connection, if there is none.
    Optional<String> trouble() {
        return trouble;
    }

    /// When the connection was lost.
    Instant lost() {
        return lost;
    }

    /// The pools that are seen, in their order.
    List<PoolView> pools() {
        String wanted = filter.toLowerCase(Locale.ROOT);
        return snapshot.pools().stream()
                .filter(known -> known.name().toLowerCase(Locale.ROOT).contains(wanted))
                .sorted(order.comparator())
                .toList();
    }

    /// The tasks of the selected pool; none while those that came are of another one.
    List<Json> tasks() {
        return snapshot.tasksOf().equals(pool) ? snapshot.tasks() : List.of();
    }

    private Optional<PoolView> selected() {
        return pools().stream()
                .filter(known -> Optional.of(known.name()).equals(pool))
                .findFirst();
    }

    private Optional<Json> selectedTask() {
        List<Json> all = tasks();
        return task < all.size() ? Optional.of(all.get(task)) : Optional.empty();
    }

    /// Keeps the selection on what there is.
    private void settle() {
        List<PoolView> pools = pools();
        if (pool.isEmpty() || pools.stream().noneMatch(known -> known.name().equals(pool.get()))) {
            pool = pools.isEmpty()
                    ? Optional.empty()
                    : Optional.of(pools.getFirst().name());
            task = 0;
            taskId = null;
        }
        List<Json> tasks = tasks();
        if (taskId != null) {
            for (int i = 0; i < tasks.size(); i++) {
                if (tasks.get(i).get("id").whole(-1) == taskId) {
                    task = i;
                    return;
                }
            }
        }
        selectTask(task);
    }

    private void selectTask(int index) {
        List<Json> tasks = tasks();
        task = Math.clamp(index, 0, Math.max(0, tasks.size() - 1));
        taskId = selectedTask()
                .map(known -> known.get("id"))
                .filter(id -> !id.isNull())
                .map(id -> id.whole(-1))
                .orElse(null);
    }

    /// A key was hit.
    Action key(Key key, Instant now) {
        if (key.kind() == Key.Kind.INTERRUPT) {
            return new Action.Quit(Top.INTERRUPTED);
        }
        if (key.kind() == Key.Kind.CLOSED) {
            return new Action.Quit(0);
        }
        if (key.kind() == Key.Kind.SUSPEND) {
            return new Action.Suspend();
        }
        if (key.kind() == Key.Kind.REDRAW) {
            return new Action.Redraw();
        }
        notice = Optional.empty();
        return switch (mode) {
            case Mode.Normal _ -> normal(key, now);
            case Mode.Help _ -> {
                mode = NORMAL;
                yield new Action.None();
            }
            case Mode.Filtering _ -> filtering(key);
            case Mode.Resizing resizing -> resizing(resizing, key, now);
            case Mode.Confirming confirming -> {
                mode = NORMAL;
                if (key.is('y') || key.is('Y')) {
                    yield confirming.action();
                }
                tell("nothing was changed", false, now);
                yield new Action.None();
            }
            case Mode.Inspecting inspecting -> inspecting(inspecting, key);
        };
    }

    private Action normal(Key key, Instant now) {
        return switch (key.kind()) {
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> move(-PAGE);
            case PAGE_DOWN -> move(PAGE);
            case HOME -> move(Integer.MIN_VALUE / 2);
            case END -> move(Integer.MAX_VALUE / 2);
            case TAB -> {
                inTasks = !inTasks;
                yield new Action.None();
            }
            case ESCAPE -> {
                if (inTasks) {
                    inTasks = false;
                } else {
                    filter = "";
                    settle();
                }
                yield new Action.Look();
            }
            case ENTER -> enter(now);
            case CHARACTER -> character(key, now);
            default -> new Action.None();
        };
    }

    private Action character(Key key, Instant now) {
        if (key.character() >= '1' && key.character() < '1' + Order.ALL.size()) {
            order = Order.ALL.get(key.character() - '1');
            return new Action.None();
        }
        return switch (key.character()) {
            case 'q', 'Q' -> new Action.Quit(0);
            case 'k' -> move(-1);
            case 'j' -> move(1);
            case 'g' -> move(Integer.MIN_VALUE / 2);
            case 'G' -> move(Integer.MAX_VALUE / 2);
            case 's' -> sort(1);
            case 'S' -> sort(-1);
            case 'p' -> pause(now);
            case 'r' -> resize(0, now);
            case '+' -> resize(1, now);
            case '-' -> resize(-1, now);
            case 'c' -> cancel(now);
            case '/' -> {
                mode = new Mode.Filtering();
                inTasks = false;
                yield new Action.None();
            }
            case '?', 'h' -> {
                mode = new Mode.Help();
                yield new Action.None();
            }
            case ' ' -> new Action.Look();
            default -> new Action.None();
        };
    }

    private Action sort(int steps) {
        order = order.next(steps);
        return new Action.None();
    }

    private Action move(int steps) {
        if (inTasks) {
            selectTask(task + steps);
            return new Action.None();
        }
        List<PoolView> pools = pools();
        int at = pools.stream().map(PoolView::name).toList().indexOf(pool.orElse(""));
        if (pools.isEmpty()) {
            return new Action.None();
        }
        pool = Optional.of(
                pools.get(Math.clamp((long) at + steps, 0, pools.size() - 1)).name());
        task = 0;
        taskId = null;
        return new Action.Look();
    }

    private Action enter(Instant now) {
        if (!inTasks) {
            inTasks = true;
            return new Action.None();
        }
        return withTask(now, (of, id, _) -> new Action.Inspect(of, id));
    }

    private Action cancel(Instant now) {
        return withTask(now, (of, id, chosen) -> {
            mode = new Mode.Confirming(
                    "cancel task " + id + " of " + of + ", "
                            + Cells.cut(chosen.get("name").text(""), MOST_TYPED) + ", that ran "
                            + Units.time(chosen.get("ran").number()) + "?",
                    new Action.Cancel(of, id));
            return new Action.None();
        });
    }

    /// What is to be done with a task.
    private interface WithTask {
        Action with(String pool, long id, Json task);
    }

    private Action withTask(Instant now, WithTask what) {
        Optional<Json> chosen = selectedTask();
        if (chosen.isEmpty()) {
            tell("no task of this pool is there to select", true, now);
        } else if (chosen.get().get("id").isNull()) {
            tell("the task has no id: its pool keeps nothing about it", true, now);
        } else {
            Json id = chosen.get().get("id");
            return what.with(chosen.get().get("pool").text(""), id.whole(-1), chosen.get());
        }
        return new Action.None();
    }

    private Action pause(Instant now) {
        Optional<PoolView> chosen = selected();
        if (chosen.isEmpty()) {
            tell("no pool is selected", true, now);
            return new Action.None();
        }
        PoolView it = chosen.get();
        if (it.paused()) {
            return new Action.Pause(it.name(), false);
        }
        mode = new Mode.Confirming(
                "pause " + it.name() + "? What runs goes on, and nothing more starts",
                new Action.Pause(it.name(), true));
        return new Action.None();
    }

    private Action resize(int direction, Instant now) {
        Optional<PoolView> chosen = selected();
        if (chosen.isEmpty()) {
            tell("no pool is selected", true, now);
        } else {
            long was = chosen.get().capacity();
            String text = was == Pool.UNBOUNDED ? "unbounded" : Long.toString(was);
            mode = new Mode.Resizing(chosen.get().name(), was, direction == 0 ? "" : stepped(text, direction));
        }
        return new Action.None();
    }

    /// A tenth more or less, and one at least.
    private static String stepped(String text, int direction) {
        long capacity;
        try {
            capacity = Capacity.parse(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
        if (capacity == Pool.UNBOUNDED) {
            return text;
        }
        return Long.toString(Math.clamp(capacity + direction * Math.max(1, capacity / 10), 1, Integer.MAX_VALUE));
    }

    private Action resizing(Mode.Resizing resizing, Key key, Instant now) {
        String text = resizing.text();
        switch (key.kind()) {
            case ENTER -> {
                mode = NORMAL;
                if (text.isBlank()) {
                    return new Action.None();
                }
                try {
                    return new Action.Resize(resizing.pool(), Capacity.parse(text.strip()));
                } catch (IllegalArgumentException e) {
                    tell("a capacity " + e.getMessage(), true, now);
                    return new Action.None();
                }
            }
            case ESCAPE -> mode = NORMAL;
            case BACKSPACE ->
                mode = new Mode.Resizing(
                        resizing.pool(), resizing.was(), text.substring(0, Math.max(0, text.length() - 1)));
            case CHARACTER -> {
                String current = text.isEmpty() ? Long.toString(resizing.was()) : text;
                String next = switch (key.character()) {
                    case '+' -> stepped(current, 1);
                    case '-' -> stepped(current, -1);
                    default -> typed(text, key);
                };
                mode = new Mode.Resizing(resizing.pool(), resizing.was(), next);
            }
            default -> {}
        }
        return new Action.None();
    }

    private Action filtering(Key key) {
        switch (key.kind()) {
            case ENTER -> mode = NORMAL;
            case ESCAPE -> {
                filter = "";
                mode = NORMAL;
            }
            case BACKSPACE -> {
                if (!filter.isEmpty()) {
                    filter = filter.substring(0, filter.offsetByCodePoints(filter.length(), -1));
                }
            }
            case CHARACTER -> filter = typed(filter, key);
            case UP, DOWN -> move(key.kind() == Key.Kind.UP ? -1 : 1);
            default -> {}
        }
        settle();
        return new Action.Look();
    }

    private static String typed(String text, Key key) {
        return text.length() < MOST_TYPED ? text + Character.toString(key.character()) : text;
    }

    private Action inspecting(Mode.Inspecting inspecting, Key key) {
        int steps = switch (key.kind()) {
            case UP -> -1;
            case DOWN -> 1;
            case PAGE_UP -> -PAGE;
            case PAGE_DOWN -> PAGE;
            default -> key.is('k') ? -1 : key.is('j') ? 1 : 0;
        };
        mode = steps == 0
                ? NORMAL
                : new Mode.Inspecting(
                        inspecting.lines(),
                        Math.clamp(
                                (long) inspecting.from() + steps,
                                0,
                                Math.max(0, inspecting.lines().size() - 1)));
        return new Action.None();
    }
}
