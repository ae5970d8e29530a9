package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `myrmidon resume`.
@Command(
        name = "resume",
        description = "Lets the tasks of a paused pool start again.",
        footer = "  myrmidon resume images")
final class ResumeCommand extends ApiCommand {
    @Parameters(paramLabel = "POOL", description = "The pool.")
    private @Nullable String pool;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = change(api, Checked.given(pool), "{\"paused\": false}");
        if (!printedJson(answer)) {
            say(answer.json().get("name").text("") + ": resumed, running "
                    + answer.json().get("running").text("-") + ", queued "
                    + answer.json().get("queued").text("-"));
        }
    }
}
