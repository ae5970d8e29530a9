package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.text.Table;
import dev.myrmidon.engine.internal.text.Units;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `myrmidon tasks`.
@Command(
        name = "tasks",
        description = {
            "Lists tasks that run, or have ended and are remembered; or tells all about one, with its stack.",
            "",
            "Tasks that have ended are remembered if the engine's file has a tracker section. A task has an ID if its pool"
                    + " keeps something about it: if it was submitted, or the pool has deadlines or a tracker."
        },
        footer = {
            "  myrmidon tasks --sort slowest --limit 10",
            "  myrmidon tasks --pool images --state failed",
            "  myrmidon tasks images 17                what it does now"
        })
final class TasksCommand extends ApiCommand {
    private static final List<String> STATES =
            List.of("running", "finished", "completed", "failed", "timed_out", "cancelled", "shed", "rejected");
    private static final List<String> SORTS = List.of("newest", "slowest");
    private static final int MOST = 1_000;

    @Parameters(index = "0", paramLabel = "POOL", arity = "0..1", description = "The pool of the one task.")
    private @Nullable String ofPool;

    @Parameters(index = "1", paramLabel = "ID", arity = "0..1", description = "The ID of the one task.")
    private @Nullable Long id;

    @Option(names = "--pool", paramLabel = "POOL", description = "Only tasks of this pool.")
    private @Nullable String pool;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            completionCandidates = States.class,
            description = "Only tasks in this state: ${COMPLETION-CANDIDATES}. Default: running.")
    private @Nullable String state;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            completionCandidates = Sorts.class,
            description = "${COMPLETION-CANDIDATES}. Default: newest, those that began or ended last.")
    private @Nullable String sort;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1 to 1000. Default: 100.")
    private @Nullable Integer limit;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        boolean chosen = pool != null || state != null || sort != null || limit != null;
        if (ofPool == null) {
            list(api);
        } else if (id == null) {
            throw usage("a task is a POOL and an ID; --pool " + ofPool + " lists those of a pool");
        } else if (chosen) {
            throw usage("--pool, --state, --sort and --limit are for the list, and not for one task");
        } else {
            one(api, ofPool, id);
        }
    }

    private void list(ApiClient api) throws ApiException, InterruptedException {
        List<String> query = new ArrayList<>();
        if (pool != null) {
            query.add("pool=" + ApiClient.segment(pool));
        }
        if (state != null) {
            query.add("state=" + oneOf("--state", state, STATES));
        }
        if (sort != null) {
            query.add("sort=" + oneOf("--sort", sort, SORTS));
        }
        if (limit != null) {
            if (limit < 1 || limit > MOST) {
                throw usage("--limit must be 1 to " + MOST + ", was " + limit);
            }
            query.add("limit=" + limit);
        }
        Answer answer;
        try {
            answer = api.get("/api/tasks" + (query.isEmpty() ? "" : "?" + String.join("&", query)));
        } catch (ApiException e) {
            throw pool == null ? e : about(api, pool, e);
        }
        if (!answer.json().get("tasks").isArray()) {
            throw api.stranger("it has no tasks");
        }
        boolean running = state == null || state.equals("running");
        if (!running && !answer.json().get("tracked").isTrue()) {
            command()
                    .getErr()
                    .println("myrmidon tasks: this engine remembers no tasks that have ended;"
                            + " a tracker section in its file changes that");
        }
        if (!printedJson(answer)) {
            print(running ? running(answer.json()) : ended(answer.json()));
        }
    }

    private String oneOf(String option, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw usage(option + " must be one of " + String.join(", ", allowed) + ", was '" + value + "'");
        }
        return value;
    }

    private static Table running(Json tasks) {
        Table table = new Table("POOL", ">ID", ">RAN", ">WAITED", "NAME");
        for (Json task : tasks.get("tasks").items()) {
            String outcome = task.get("outcome").text("");
            table.row(
                    task.get("pool").text(""),
                    task.get("id").text(Units.UNKNOWN),
                    Units.time(task.get("ran").number()),
                    Units.time(task.get("waited").number()),
                    task.get("name").text("") + (outcome.isEmpty() ? "" : " (" + outcome + ", runs on)"));
        }
        return table;
    }

    private static Table ended(Json tasks) {
        Table table = new Table("POOL", ">ID", "STATE", ">RAN", ">WAITED", "NAME", "ERROR");
        for (Json task : tasks.get("tasks").items()) {
            table.row(
                    task.get("pool").text(""),
                    task.get("id").text(Units.UNKNOWN),
                    task.get("state").text(""),
                    Units.time(task.get("ran").number()),
                    Units.time(task.get("waited").number()),
                    task.get("name").text(""),
                    task.get("error").text(""));
        }
        return table;
    }

    private void one(ApiClient api, String from, long number) throws ApiException, InterruptedException {
        Answer answer;
        try {
            answer = api.get("/api/tasks/" + ApiClient.segment(from) + "/" + number);
        } catch (ApiException e) {
            throw about(api, from, e);
        }
        if (printedJson(answer)) {
            return;
        }
        Json task = answer.json();
        Table table = new Table("TASK", task.get("pool").text(from) + " " + number);
        task.fields().forEach((key, value) -> {
            switch (key) {
                case "pool", "id", "stack" -> {}
                case "ran", "waited" -> table.row(key, Units.time(value.number()));
                default -> {
                    if (!value.isNull()) {
                        table.row(key, value.text(Units.UNKNOWN));
                    }
                }
            }
        });
        print(table);
        task.get("stack").items().forEach(frame -> out().println("  " + Cells.printable(frame.text(""))));
    }

    /// For the completion.
    static final class States extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        States() {
            super(STATES);
        }
    }

    /// For the completion.
    static final class Sorts extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Sorts() {
            super(SORTS);
        }
    }
}
