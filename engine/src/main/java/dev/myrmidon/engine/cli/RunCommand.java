package dev.myrmidon.engine.cli;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.DrainedPool;
import dev.myrmidon.engine.internal.config.Durations;
import dev.myrmidon.engine.internal.http.ManagementServer;
import dev.myrmidon.manage.RegistryReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myrmidon run`.
@Command(
        name = "run",
        description = {
            "Runs the engine until SIGTERM or SIGINT (Ctrl-C).",
            "",
            "Then it refuses new tasks, lets those that were accepted end within shutdown.grace, interrupts what still runs"
                    + " after that, and says what it drained. The last line has the books of all pools: what was submitted, and what became of it."
                    + " A second signal ends the grace at once.",
            "",
            "When the file changes, and on SIGHUP, what changed in it is applied as a whole while tasks run, and said on one"
                    + " line. If anything in it is wrong, or needs a restart, nothing changes and the line says why."
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
            "  myrmidon run config.yaml & kill -TERM $!",
            "  kill -HUP PID              apply what changed in config.yaml now"
        })
final class RunCommand implements Callable<Integer> {
    /// Held, since the JDK forgets the level of a logger that nobody holds.
    private static final Logger PROTOBUF_LOG = Logger.getLogger("com.google.protobuf.UnsafeUtil");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The configuration file. Without one, the built-in defaults hold.")
    private @Nullable Path file;

    @Option(
            names = "--no-watch",
            description = "Leave changes of the file alone until a SIGHUP; otherwise they are applied at once.")
    private boolean noWatch;

    @Override
    public Integer call() {
        PrintWriter err = Checked.given(spec).commandLine().getErr();
        DefaultEngine engine;
        ManagementServer.limitConnections();
        PROTOBUF_LOG.setLevel(Level.SEVERE); // it does without Unsafe, which the launcher denies it, and would say so
        try {
            engine = file == null ? new DefaultEngine(EngineConfig.defaults()) : new DefaultEngine(file, !noWatch);
        } catch (ConfigException e) {
            e.mistakes().forEach(err::println);
            return CommandLine.ExitCode.USAGE;
        }
        try (engine) {
            RegistryReport report = engine.run(() -> {
                err.println(running(engine.config()));
                engine.invitation().ifPresent(err::println);
            });
            int exitCode = ended(report, engine.config().grace(), err);
            err.println(engine.books());
            return exitCode;
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
