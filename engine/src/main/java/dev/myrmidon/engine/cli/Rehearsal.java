package dev.myrmidon.engine.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What the launcher runs once, for the JVM to see which classes a start needs, which it writes into a cache. Checks a
/// file, runs an engine with it, asks that some questions over HTTP, and ends it. Where one of these fails, as where
/// nobody may listen, the cache has less in it, and that is all.
public final class Rehearsal {
    /// A start takes half a second; whoever waits for the launcher shall not wait for ever.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<String> QUESTIONS = List.of(
            "/", "/healthz", "/readyz", "/metrics", "/api/info", "/api/pools", "/api/pools/default", "/api/tasks");

    private static final String ADDRESS_FOLLOWS = "console at ";

    private Rehearsal() {}

    /// Rehearses, and returns.
    ///
    /// @param args the file: a configuration with an API at any port of the loopback
    public static void main(String[] args) throws InterruptedException, IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(PATIENCE);
            } catch (InterruptedException _) {
                // nobody does
            }
            Runtime.getRuntime().halt(1);
        });
        Main.execute(Main.commandLine(), "check", args[0]);
        CompletableFuture<Optional<URI>> address = new CompletableFuture<>();
        Thread engine = Thread.ofPlatform().start(() -> {
            Main.execute(Main.commandLine().setErr(new Listener(address)), "run", args[0]);
            address.complete(Optional.empty());
        });
        try {
            Optional<URI> at =
                    address.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            for (String path : at.isPresent() ? QUESTIONS : List.<String>of()) {
                ask(at.get(), path);
            }
        } finally {
            engine.interrupt(); // which does what a signal does
            engine.join();
        }
    }

    private static void ask(URI at, String path) throws IOException {
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + at.getAuthority() + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    /// Where `run` says where its API is.
    private static final class Listener extends PrintWriter {
        private final CompletableFuture<Optional<URI>> address;

        Listener(CompletableFuture<Optional<URI>> address) {
            super(Writer.nullWriter());
            this.address = address;
        }

        @Override
        public void println(String line) {
            if (line.startsWith(ADDRESS_FOLLOWS)) {
                String rest = line.substring(ADDRESS_FOLLOWS.length());
                address.complete(Optional.of(URI.create(rest.substring(0, rest.indexOf(',')))));
            }
        }
    }
}
