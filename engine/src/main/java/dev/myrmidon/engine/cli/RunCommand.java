package dev.myrmidon.engine.cli;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.DrainedPool;
import dev.myrmidon.engine.internal.config.ConfigFile;
import dev.myrmidon.engine.internal.config.Durations;
import dev.myrmidon.manage.RegistryReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myrmidon run`.
@Command(
        name = "run",
        description = {
            "Runs the engine until SIGTERM or SIGINT (Ctrl-C).",
            "",
            "Then it refuses new tasks, lets those that were accepted end within shutdown.grace, interrupts what still runs"
                    + " after that, and says what it drained. A second signal ends the grace at once."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every accepted task ended by itself",
            "1:some were interrupted or dropped at the end of the grace",
            "2:the configuration can't be used; nothing was started"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon run               with the built-in defaults",
            "  myrmidon run config.yaml",
            "  myrmidon run config.yaml & kill -TERM $!"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The configuration file. Without one, the built-in defaults hold.")
    private @Nullable Path file;

    @Override
    public Integer call() {
        PrintWriter err = Checked.given(spec).commandLine().getErr();
        EngineConfig config;
        try {
            config = file == null
                    ? EngineConfig.defaults()
                    : ConfigFile.read(file).config();
        } catch (ConfigException e) {
            e.mistakes().forEach(err::println);
            return CommandLine.ExitCode.USAGE;
        }
        try (DefaultEngine engine = new DefaultEngine(config)) {
            return ended(engine.run(() -> err.println(running(config))), config.grace(), err);
        }
    }

    /// Says what became of the tasks.
    ///
    /// @return the exit code
    static int ended(RegistryReport report, Duration grace, PrintWriter err) {
        report.pools().forEach(pool -> err.println("drained " + DrainedPool.line(pool)));
        if (report.clean()) {
            return CommandLine.ExitCode.OK;
        }
        err.println("myrmidon run: some tasks had not ended when the grace of " + Durations.format(grace)
                + " was over or cut short");
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String running(EngineConfig config) {
        List<String> pools = new ArrayList<>();
        pools.add(capacity(config.pool()));
        config.pools().values().forEach(pool -> pools.add(capacity(pool)));
        return "running " + String.join(" ", pools);
    }

    private static String capacity(PoolConfig pool) {
        return pool.name() + "=" + (pool.capacity() == Pool.UNBOUNDED ? "unbounded" : pool.capacity());
    }
}
