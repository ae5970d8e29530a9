package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.internal.config.ConfigFile;
import dev.myrmidon.engine.internal.config.ConfigWriter;
import dev.myrmidon.engine.internal.http.ManagementServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myrmidon check`.
@Command(
        name = "check",
        description = {
            "Says what is wrong with a configuration file.",
            "",
            "Every mistake is one line on stderr: file, line, column, key, what is there and what may be. If there is none,"
                    + " the configuration in effect comes on stdout, as YAML with every key; what is allowed and doubtful"
                    + " comes as warnings on stderr."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the configuration can be used, perhaps with warnings",
            "1:standard output can't be written",
            "2:the configuration can't be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon check config.yaml",
            "  myrmidon check config.yaml > full.yaml   with all defaults filled in",
            "  myrmidon check /dev/stdin < config.yaml"
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    private @Nullable Path file;

    @Override
    public Integer call() {
        CommandLine command = Checked.given(spec).commandLine();
        PrintWriter err = command.getErr();
        try {
            ConfigFile read = ConfigFile.read(Checked.given(file));
            List<String> doubts = read.config().management().stream()
                    .flatMap(management -> ManagementServer.check(management, file + ": ").stream())
                    .toList();
            read.warnings().forEach(err::println);
            doubts.forEach(err::println);
            PrintWriter out = command.getOut();
            out.println("# ok: this is in effect");
            out.print(ConfigWriter.write(read.config()));
            return ApiCommand.ended(command); // as a file that somebody means to use, it must not be a part of one
        } catch (ConfigException e) {
            e.mistakes().forEach(err::println);
            return CommandLine.ExitCode.USAGE;
        }
    }
}
