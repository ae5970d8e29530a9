package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.text.Table;
import java.util.List;
import picocli.CommandLine.Command;

/// `myrmidon alarms`.
@Command(
        name = "alarms",
        description = "Lists the alarms of a running engine that are up. With --json, the last events too.",
        footer = {"  myrmidon alarms", "  myrmidon alarms --json | jq -e '.active == []'   a check for a script"})
final class AlarmsCommand extends ApiCommand {
    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = api.get("/api/alarms");
        if (!answer.json().get("active").isArray()) {
            throw api.stranger("it has no alarms");
        }
        if (printedJson(answer)) {
            return;
        }
        List<Json> active = answer.json().get("active").items();
        if (active.isEmpty()) {
            say("no alarm is up");
            return;
        }
        Table table = new Table("ALARM", "POOL", "SINCE", "MESSAGE");
        for (Json alarm : active) {
            table.row(
                    alarm.get("alarm").text(""),
                    alarm.get("pool").text("-"),
                    alarm.get("since").text("-").replaceFirst("\\.\\d+Z$", "Z"),
                    alarm.get("message").text(""));
        }
        print(table);
    }
}
