package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.JvmSignal;
import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.client.PoolView;
import dev.myrmidon.engine.internal.text.Units;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;

/// Shows an engine at the terminal until somebody quits. One thread has the view and draws; others read
/// keys, look at the engine and make changes, and tell it what came of that.
public final class Top {
    /// The exit code after Ctrl-C.
    static final int INTERRUPTED = 130;

    private static final int TASKS = 100;
    private static final Duration CLOCK = Duration.ofSeconds(1);

    private final ApiClient api;
    private final Duration interval;
    private final Charset charset;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Size size = new Size(0, 0);

    private Top(ApiClient api, Duration interval, Charset charset) {
        this.api = api;
        this.interval = interval;
        this.charset = charset;
    }

    /// Shows it.
    ///
    /// @param interval between two looks
    /// @param charset of the terminal
    /// @return the exit code
    /// @throws ApiException if the first look fails; the terminal wasn't touched then
    /// @throws IOException if there is no terminal
    public static int run(ApiClient api, Duration interval, Charset charset)
            throws ApiException, IOException, InterruptedException {
        Snapshot first = Snapshot.take(api, Optional.empty(), Optional.empty(), 1);
        return new Top(api, interval, charset).run(first);
    }

    private int run(Snapshot first) throws IOException, InterruptedException {
        View view = new View(first);
        Poller poller = new Poller(api, interval, first, view.pool(), TASKS, events::add);
        Thread looking =
                Thread.ofPlatform().daemon().name("myrmidon-top-poller").unstarted(poller);
        try (Screen screen = Screen.open(charset)) {
            Object stop = handle("TSTP", new Event.Hit(Key.of(Key.Kind.SUSPEND)));
            Object window = handle("WINCH", new Event.Resized());
            Object resume = handle("CONT", new Event.Continued());
            try {
                Thread.ofPlatform().daemon().name("myrmidon-top-keys").start(() -> readKeys(screen));
                looking.start();
                poller.look(view.pool());
                return show(view, poller, screen, stop);
            } finally {
                looking.interrupt();
                JvmSignal.restore("TSTP", stop);
                JvmSignal.restore("WINCH", window);
                JvmSignal.restore("CONT", resume);
            }
        }
    }

    private Object handle(String signal, Event event) {
        return JvmSignal.handle(signal, () -> events.add(event));
    }

    private void readKeys(Screen screen) {
        try {
            Key key;
            do {
                key = Key.read(screen.keys());
                events.add(new Event.Hit(key));
            } while (key.kind() != Key.Kind.CLOSED);
        } catch (IOException e) {
            events.add(new Event.Hit(Key.of(Key.Kind.CLOSED)));
        }
    }

    private int show(View view, Poller poller, Screen screen, Object usualStop)
            throws IOException, InterruptedException {
        boolean unicode = charset.newEncoder().canEncode("█░▶…");
        size = screen.size();
        while (true) {
            screen.draw(
                    Frame.draw(
                            view,
                            api.server(),
                            unicode,
                            size.getColumns(),
                            size.getRows(),
                            Instant.now(),
                            ZoneId.systemDefault()),
                    size.getColumns());
            Event event = events.poll(CLOCK.toNanos(), TimeUnit.NANOSECONDS);
            while (event != null) {
                OptionalInt exit = happened(event, view, poller, screen, usualStop);
                if (exit.isPresent()) {
                    return exit.getAsInt();
                }
                event = events.poll(); // what has piled up is drawn once
            }
        }
    }

    private OptionalInt happened(Event event, View view, Poller poller, Screen screen, Object usualStop)
            throws IOException, InterruptedException {
        switch (event) {
            case Event.Looked looked -> view.show(looked.snapshot());
            case Event.Lost lost -> view.lose(lost.why(), Instant.now());
            case Event.Answered answered -> {
                view.tell(answered.text(), answered.bad(), Instant.now());
                poller.look(view.pool());
            }
            case Event.Inspected inspected -> view.inspect(inspected.lines());
            case Event.Resized _ -> {
                size = screen.size();
                screen.forget(); // what a smaller terminal kept of the old rows, and where, is its own affair
            }
            case Event.Continued _ -> {
                screen.take();
                size = screen.size();
            }
            case Event.Broken broken -> throw new IllegalStateException(broken.cause());
            case Event.Hit hit -> {
                return act(view.key(hit.key(), Instant.now()), view, poller, screen, usualStop);
            }
        }
        return OptionalInt.empty();
    }

    private OptionalInt act(Action action, View view, Poller poller, Screen screen, Object usualStop)
            throws IOException, InterruptedException {
        switch (action) {
            case Action.None _ -> {}
            case Action.Quit quit -> {
                return OptionalInt.of(quit.exit());
            }
            case Action.Suspend _ -> {
                screen.suspend(usualStop);
                handle("TSTP", new Event.Hit(Key.of(Key.Kind.SUSPEND)));
                size = screen.size();
            }
            case Action.Redraw _ -> screen.forget();
            case Action.Look _ -> poller.look(view.pool());
            case Action.Inspect inspect -> ask(() -> inspected(inspect));
            case Action.Resize resize ->
                ask(() -> changed(
                        resize.pool(),
                        "{\"capacity\": " + resize.capacity() + "}",
                        pool -> "capacity is " + pool.capacityText()
                                + (pool.json().get("scaled").isTrue() ? " until it is scaled on" : "")));
            case Action.Pause pause ->
                ask(() -> changed(
                        pause.pool(),
                        "{\"paused\": " + pause.paused() + "}",
                        pool -> pool.paused() ? "paused" : "resumed"));
            case Action.Cancel cancel ->
                ask(() -> {
                    api.write("DELETE", path(cancel.pool(), cancel.id()), null);
                    return new Event.Answered("task " + cancel.id() + " of " + cancel.pool() + " is cancelled", false);
                });
        }
        return OptionalInt.empty();
    }

    /// A question to the engine, which may take its time.
    private interface Question {
        Event ask() throws ApiException, InterruptedException;
    }

    private void ask(Question question) {
        Thread.ofPlatform().daemon().name("myrmidon-top-change").start(() -> {
            try {
                events.add(question.ask());
            } catch (ApiException e) {
                String why = e.status() == 401
                        ? "this needs the engine's token: set MYRMIDON_TOKEN or give --token-file"
                        : e.message();
                events.add(new Event.Answered(why, true));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                events.add(new Event.Broken(e));
            }
        });
    }

    private Event changed(String pool, String change, java.util.function.Function<PoolView, String> told)
            throws ApiException, InterruptedException {
        Json after = api.write("PATCH", "/api/pools/" + ApiClient.segment(pool), change)
                .json();
        return new Event.Answered(pool + ": " + told.apply(new PoolView(after, new Json(null))), false);
    }

    private Event inspected(Action.Inspect what) throws ApiException, InterruptedException {
        Json task = api.get(path(what.pool(), what.id())).json();
        List<String> lines = new ArrayList<>();
        lines.add("  task " + what.id() + " of " + what.pool() + ": "
                + task.get("name").text(""));
        lines.add("  " + task.get("state").text("-") + ", ran "
                + Units.time(task.get("ran").number()) + ", waited "
                + Units.time(task.get("waited").number())
                + (task.get("thread").isNull()
                        ? ""
                        : ", thread " + task.get("thread").text("")));
        if (!task.get("error").isNull()) {
            lines.add("  " + task.get("error").text(""));
        }
        lines.add("");
        task.get("stack").items().forEach(frame -> lines.add("    " + frame.text("")));
        return new Event.Inspected(lines);
    }

    private static String path(String pool, long id) {
        return "/api/tasks/" + ApiClient.segment(pool) + "/" + id;
    }
}
