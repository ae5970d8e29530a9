package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.each.Terminal;
import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.ServerAddress;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.top.Once;
import dev.myrmidon.engine.internal.top.Top;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myrmidon top`.
@Command(
        name = "top",
        description = {
            "Shows the pools of a running engine and their slowest tasks, live at a terminal; ? there explains the keys.",
            "",
            "When standard output is no terminal it prints one frame, as with --once. While the engine can't be reached it"
                    + " says so and tries again."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:quit by q, or printed",
            "1:no answer to the first look, or a refusal of it",
            "2:the command line can't be used, or the terminal can't be drawn on",
            "130:Ctrl-C (SIGTERM 143, SIGHUP 129)"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon top",
            "  myrmidon top https://pools.example:8443 --token-file token",
            "  myrmidon top --once                     one frame as plain text",
            "  myrmidon top --once --json | jq '.pools[] | {name, running}'"
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            arity = "0..1",
            converter = ServerOptions.AddressConverter.class,
            description = "The same as --url.")
    private @Nullable ServerAddress address;

    @Option(names = "--once", description = "Print one frame and end.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = EachCommand.TimeConverter.class,
            description = "How long to wait between two looks at the engine, 100ms at least. Default: 1s.")
    private Duration interval = Duration.ofSeconds(1);

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = Checked.given(spec).commandLine();
        check(command);
        try (ApiClient api = server.open(address, PATIENCE)) {
            if (server.json()) {
                command.getOut().println(ApiCommand.safe(Once.json(api)));
                return ApiCommand.ended(command);
            }
            boolean terminal = Terminal.onStandardOutput();
            if (once || !terminal) {
                int width = terminal ? Terminal.columns() : Integer.MAX_VALUE;
                Once.lines(api, width).forEach(command.getOut()::println);
                return ApiCommand.ended(command);
            }
            return live(command, api);
        } catch (ApiException e) {
            return ApiCommand.failed(command, e);
        }
    }

    private void check(CommandLine command) {
        if (address != null && command.getParseResult().hasMatchedOption("--url")) {
            throw new ParameterException(command, "the address is given twice, as URL and by --url");
        }
        if (interval.compareTo(LEAST_INTERVAL) < 0) {
            throw new ParameterException(command, "--interval must be at least 100ms");
        }
        if (server.json() && !once) {
            throw new ParameterException(command, "--json is for --once");
        }
    }

    private int live(CommandLine command, ApiClient api) throws ApiException, InterruptedException {
        String type = System.getenv("TERM");
        if (!Terminal.onStandardInput()) {
            return unusable(command, "standard input is no terminal, where keys could come from");
        }
        if (type == null || type.isEmpty() || type.equals("dumb")) {
            return unusable(
                    command, "this terminal can't be drawn on (TERM is " + (type == null ? "unset" : type) + ")");
        }
        try {
            return Top.run(api, interval, System.out.charset());
        } catch (IOException e) {
            return unusable(command, String.valueOf(e.getMessage()));
        }
    }

    private static int unusable(CommandLine command, String why) {
        command.getErr().println("myrmidon top: " + Cells.printable(why) + "; --once prints one frame");
        return CommandLine.ExitCode.USAGE;
    }
}
