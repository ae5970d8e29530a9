package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `myrmidon pause` and `myrmidon resume`.
abstract sealed class PausingCommand extends ApiCommand {
    private final boolean paused;

    @Parameters(paramLabel = "POOL", description = "The pool.")
    private @Nullable String pool;

    PausingCommand(boolean paused) {
        this.paused = paused;
    }

    @Override
    final void ask(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = change(api, Checked.given(pool), "{\"paused\": " + paused + "}");
        if (!printedJson(answer)) {
            say(answer.json().get("name").text("") + (paused ? ": paused, running " : ": resumed, running ")
                    + answer.json().get("running").text("-") + ", queued "
                    + answer.json().get("queued").text("-"));
        }
    }

    @Command(
            name = "pause",
            description = "Pauses a pool: what runs goes on, and nothing more starts until it is resumed.",
            footer = "  myrmidon pause images")
    static final class Pause extends PausingCommand {
        Pause() {
            super(true);
        }
    }

    @Command(
            name = "resume",
            description = "Lets the tasks of a paused pool start again.",
            footer = "  myrmidon resume images")
    static final class Resume extends PausingCommand {
        Resume() {
            super(false);
        }
    }
}
