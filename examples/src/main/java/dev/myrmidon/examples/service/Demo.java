package dev.myrmidon.examples.service;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.RegistryReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./myrmidon demo`.
@Command(
        name = "myrmidon demo",
        customSynopsis = "./myrmidon demo [OPTIONS]",
        description = {
            "Runs a small web shop and sends it requests, to look at its pools with.",
            "",
            "The load is the same every time: steady orders, searches in waves that are refused in part, payments that fail"
                    + " or take too long in the last 20 seconds of each minute, newsletters that wait while resets of"
                    + " passwords pass them, images in a tide that a scaled pool follows, and slow reports."
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by Ctrl-C or SIGTERM, and the books of all pools balance",
            "1:they don't, or the shop can't listen",
            "2:the command line or the configuration can't be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./myrmidon demo", "  ./myrmidon demo --rate 2000    10,000 tasks a second"})
final class Demo implements Callable<Integer> {
    private static final int MOST_ORDERS = 100_000;

    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Orders per second, each of which is five tasks. Default: ${DEFAULT-VALUE}.")
    private int rate = 40;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where the shop listens, on this machine. Default: 0, any port that is free.")
    private int port;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration of the engine. Default: examples/service/config.yaml; edit it while the"
                    + " shop runs.",
            required = true)
    private @Nullable Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and do nothing.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    /// Runs it and ends the JVM.
    public static void main(String[] args) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tT %4$s %5$s%6$s%n"); // a line for each record
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Demo())
                .setOverwrittenOptionsAllowed(true) // the launcher says --config, and so may the user
                .setUsageHelpWidth(100);
    }

    @Override
    public Integer call() {
        CommandLine line = given(spec).commandLine();
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        check("--rate", rate, MOST_ORDERS);
        check("--port", port, 65_535);
        try (Engine engine = Engine.load(given(config));
                Shop shop = new Shop(engine, port)) {
            out.println(welcome(shop.address(), engine.management()));
            out.flush();
            Load load = new Load(shop.address(), rate, () -> !engine.pool().isShutdown());
            RegistryReport report;
            try (load) {
                report = engine.run();
            }
            awaitEnds(engine);
            out.println(load);
            return goodbye(engine, report, out);
        } catch (ConfigException e) {
            e.mistakes().forEach(err::println);
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            err.println("myrmidon demo: the shop can't listen at port " + port + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void check(String option, int value, int most) {
        if (value < 0 || value > most) {
            throw new ParameterException(
                    given(spec).commandLine(), option + " must be 0 to " + most + ", was " + value);
        }
    }

    private static <T> T given(@Nullable T byPicocli) {
        if (byPicocli == null) {
            throw new IllegalStateException("picocli fills it in");
        }
        return byPicocli;
    }

    private String welcome(URI shop, Optional<URI> console) {
        return "The shop is at " + shop + ", as in: curl -i " + shop + "search/boots\n"
                + console.map(Demo::steer).orElse("")
                + """

                To look at:
                  default    the requests; each waits for a task of another pool
                  stock      steady: four short tasks for each of %d orders a second
                  search     a wave every 40 s: what has no room is refused, and the client gets a 503
                  payments   the bank has trouble in the last 20 s of each minute: failures, timeouts, an alarm
                  mail       a newsletter every 15 s, and password resets that pass it
                  images     a tide of 90 s, which the scaled capacity follows
                  reports    slow tasks, by name; cancel one
                Pause or resize a pool, or edit %s. Ctrl-C ends it.""".formatted(rate, config);
    }

    private static String steer(URI console) {
        boolean set = System.getenv("MYRMIDON_TOKEN") != null;
        return "The console is at " + console + ", and asks for the token "
                + (set ? "of MYRMIDON_TOKEN" : "in ~/.myrmidon/token-" + console.getPort()) + "\n";
    }

    /// What a close interrupts may end a moment after it, where a machine is slow.
    private static void awaitEnds(Engine engine) {
        try {
            for (Pool pool : engine.registry().pools()) {
                var _ = pool.awaitTermination(30, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    /// Says what became of the tasks.
    ///
    /// @return the exit code
    private static int goodbye(Engine engine, RegistryReport report, PrintWriter out) {
        boolean balanced = true;
        for (var pool : engine.registry().pools()) {
            PoolStats stats = pool.stats();
            out.printf(
                    "%-10s submitted=%d rejected=%d completed=%d failed=%d cancelled=%d%n",
                    stats.name(),
                    stats.submitted(),
                    stats.rejected(),
                    stats.completed(),
                    stats.failed(),
                    stats.cancelled());
            balanced &= stats.submitted() == stats.rejected() + stats.completed() + stats.failed() + stats.cancelled();
        }
        long interrupted = report.pools().stream()
                .mapToLong(
                        pool -> pool.interrupted().size() + pool.neverStarted().size())
                .sum();
        out.println((balanced ? "the books balance" : "the books don't balance")
                + (interrupted == 0 ? "" : "; " + interrupted + " tasks were ended by the close"));
        out.flush();
        return balanced ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
