package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `myrmidon pause`.
@Command(
        name = "pause",
        description = "Pauses a pool: what runs goes on, and nothing more starts until it is resumed.",
        footer = "  myrmidon pause images")
final class PauseCommand extends ApiCommand {
    @Parameters(paramLabel = "POOL", description = "The pool.")
    private @Nullable String pool;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = change(api, Checked.given(pool), "{\"paused\": true}");
        if (!printedJson(answer)) {
            say(answer.json().get("name").text("") + ": paused, running "
                    + answer.json().get("running").text("-") + ", queued "
                    + answer.json().get("queued").text("-"));
        }
    }
}
