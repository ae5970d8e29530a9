package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.each.Terminal;
import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.config.Nearest;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.text.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that asks a running engine: the connection, the output and its end, and what went wrong.
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {ServerOptions.EXIT_OK, ServerOptions.EXIT_FAILED, ServerOptions.EXIT_USAGE},
        footerHeading = "%nExamples:%n")
abstract class ApiCommand implements Callable<Integer> {
    /// What a process exits with that SIGPIPE ends: nobody reads its output any more.
    private static final int NO_READER = 141;

    private static final int NAMES_SHOWN = 10;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServerOptions server = new ServerOptions();

    /// Asks and prints.
    ///
    /// @throws ApiException if there is no answer, or a refusal; its message goes to the user
    abstract void ask(ApiClient api) throws ApiException, InterruptedException;

    @Override
    public Integer call() throws InterruptedException {
        try (ApiClient api = server.open(null, ApiClient.PATIENCE)) {
            ask(api);
            return ended(command());
        } catch (ApiException e) {
            return failed(command(), e);
        }
    }

    /// Says what went wrong.
    ///
    /// @return the exit code
    static int failed(CommandLine command, ApiException e) {
        command.getOut().flush();
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Cells.printable(e.message()));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /// Ends the output.
    ///
    /// @return the exit code
    static int ended(CommandLine command) {
        // Beneath it are others that keep errors to themselves.
        if (!(command.getOut().checkError() || System.out.checkError())) {
            return CommandLine.ExitCode.OK;
        }
        if (Terminal.outputIsPipe()) {
            return NO_READER;
        }
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": standard output can't be written");
        return CommandLine.ExitCode.SOFTWARE;
    }

    final CommandLine command() {
        return Checked.given(spec).commandLine();
    }

    final PrintWriter out() {
        return command().getOut();
    }

    final boolean json() {
        return server.json();
    }

    /// The command line makes no sense.
    final ParameterException usage(String message) {
        return new ParameterException(command(), message);
    }

    /// Prints an answer as it came, if that is wanted.
    ///
    /// @return true if so
    final boolean printedJson(Answer answer) {
        if (json()) {
            out().println(safe(answer.text().strip()));
        }
        return json();
    }

    /// JSON of the same meaning without characters that standard output can't have, or that terminals
    /// obey.
    static String safe(String json) {
        boolean all = System.out.charset().newEncoder().canEncode(json);
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean control = Character.isISOControl(c) && c > 0x7E;
            if (control || (!all && c > 0x7E)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /// Prints lines, cut to the width of the terminal if it is one.
    final void print(Table table) {
        int width = Terminal.onStandardOutput() ? Terminal.columns() : Integer.MAX_VALUE;
        table.lines(width).forEach(out()::println);
    }

    /// Prints one line of text that has names in it.
    final void say(String line) {
        out().println(Cells.printable(line));
    }

    /// The reason why a request about a pool failed: if there is no such pool, the name that was meant.
    static ApiException about(ApiClient api, String pool, ApiException e) throws InterruptedException {
        if (e.status() != 404 && e.status() != 400) {
            return e;
        }
        List<String> names;
        try {
            names = poolNames(api);
        } catch (ApiException _) {
            return e;
        }
        if (names.contains(pool)) {
            return e;
        }
        String nearest = Nearest.to(pool, names);
        String hint = nearest == null
                ? "; there are " + String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                        + (names.size() > NAMES_SHOWN ? ", ..." : "")
                : ", did you mean '" + nearest + "'?";
        return new ApiException(404, "no pool is named '" + pool + "' at " + api.server() + hint);
    }

    private static List<String> poolNames(ApiClient api) throws ApiException, InterruptedException {
        return api.get("/api/pools").json().get("pools").items().stream()
                .map(pool -> pool.get("name").text(""))
                .toList();
    }

    /// Changes a pool.
    ///
    /// @param change a field of the pool in JSON
    /// @return the pool after the change
    final Answer change(ApiClient api, String pool, String change) throws ApiException, InterruptedException {
        Answer answer;
        try {
            answer = api.write("PATCH", "/api/pools/" + ApiClient.segment(pool), change);
        } catch (ApiException e) {
            throw about(api, pool, e);
        }
        return confirmed(api, answer, "name", pool);
    }

    /// An answer to a change, if it names the pool: whatever else says 200 has changed nothing.
    static Answer confirmed(ApiClient api, Answer answer, String field, String pool) throws ApiException {
        if (!answer.json().get(field).text("").equals(pool)) {
            throw api.stranger("it doesn't say that it changed " + pool);
        }
        return answer;
    }

    /// A capacity as people write it.
    static String capacity(Json capacity) {
        return capacity.whole(0) == -1 ? "unbounded" : capacity.text("-");
    }
}
