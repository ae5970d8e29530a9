package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `myrmidon cancel`.
@Command(
        name = "cancel",
        description = {
            "Cancels a task that runs, and interrupts it.",
            "",
            "It holds its slot until its code returns. The IDs are those that `myrmidon tasks` lists."
        },
        footer = "  myrmidon cancel images 17")
final class CancelCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "The pool of the task.")
    private @Nullable String pool;

    @Parameters(index = "1", paramLabel = "ID", description = "The ID of the task.")
    private @Nullable Long id;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        String from = Checked.given(pool);
        Answer answer;
        try {
            answer = api.write("DELETE", "/api/tasks/" + ApiClient.segment(from) + "/" + Checked.given(id), null);
        } catch (ApiException e) {
            throw about(api, from, e);
        }
        confirmed(api, answer, "pool", from);
        if (!printedJson(answer)) {
            say(from + " " + id + ": cancelled (" + answer.json().get("name").text("") + ")");
        }
    }
}
