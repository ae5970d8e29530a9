package dev.myrmidon.engine.internal.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.TlsConfig;
import dev.myrmidon.engine.internal.EngineWatcher;
import dev.myrmidon.engine.internal.metrics.Scrapes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// The server of an engine's HTTP API: the JDK's, with a virtual thread for each request and limits of
/// its own on time and number. It shares nothing with the pools but the carriers of virtual threads.
/// Thread-safe.
public final class ManagementServer implements AutoCloseable {
    /// The most requests at once, streams of events included.
    static final int MOST_REQUESTS = 512;

    /// Connections that may wait to be accepted: with the usual 50 a flood of them keeps others out for
    /// seconds.
    private static final int BACKLOG = 1_024;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /// How long a close waits for answers that are under way, in seconds.
    private static final int PATIENCE = 1;

    /// The older ones are broken.
    private static final String[] TLS_VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final HttpServer server;
    private final Optional<Tls> tls;
    private final String host;
    private final Token token;
    private final EventHub events = new EventHub(HEARTBEAT);
    private volatile @Nullable Scrapes scrapes;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// With what it speaks TLS.
    private record Tls(TlsConfig config, RenewableKeyManager keys) {
        HttpsConfigurator configurator() {
            SSLContext context = keys.context();
            SSLParameters parameters = context.getDefaultSSLParameters();
            parameters.setProtocols(TLS_VERSIONS);
            return new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters connection) {
                    connection.setSSLParameters(parameters);
                }
            };
        }
    }

    private ManagementServer(HttpServer server, Optional<Tls> tls, String host, Token token) {
        this.server = server;
        this.tls = tls;
        this.host = host;
        this.token = token;
    }

    /// Lets the JVM limit the connections to its HTTP servers and the heads of requests, unless it was
    /// told to: for processes that are nothing but an engine, before the first server. A process that
    /// has other servers of this kind decides for itself.
    public static void limitConnections() {
        List.of(
                        List.of("jdk.httpserver.maxConnections", "1024"),
                        List.of("sun.net.httpserver.maxReqHeaderSize", "32768"))
                .forEach(limit -> {
                    if (System.getProperty(limit.getFirst()) == null) {
                        System.setProperty(limit.getFirst(), limit.getLast());
                    }
                });
    }

    /// Takes the port, without answering anybody yet.
    ///
    /// @param prefix put before what is wrong
    /// @throws ConfigException if the port can't be had or may not be, or there is no token
    public static ManagementServer bind(ManagementConfig config, String prefix) {
        return bind(
                config, prefix, System.getenv(Token.VARIABLE), Path.of(System.getProperty("user.home"), ".myrmidon"));
    }

    /// Looks at the files that a server would need, without taking the port.
    ///
    /// @param prefix put before what is wrong
    /// @return what is doubtful, one line each
    /// @throws ConfigException if they can't be used
    public static List<String> check(ManagementConfig config, String prefix) {
        try {
            Token.set(config, null);
        } catch (IOException e) {
            throw refused(prefix, "token_file: " + e.getMessage());
        }
        return config.tls().stream()
                .flatMap(tls -> serverKey(tls, prefix).warnings(tls, Instant.now()).stream())
                .map(warning -> prefix + "warning: management." + warning)
                .toList();
    }

    private static ServerKey serverKey(TlsConfig tls, String prefix) {
        try {
            return ServerKey.read(tls);
        } catch (IOException e) {
            throw refused(prefix, String.valueOf(e.getMessage()));
        }
    }

    /// @param variable the value of the environment variable for the token
    /// @param folder where a new token goes
    static ManagementServer bind(ManagementConfig config, String prefix, @Nullable String variable, Path folder) {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw refused(prefix, "host: \"" + config.host() + "\" is not known");
        }
        try {
            Optional<Token> set = Token.set(config, variable);
            if (set.isEmpty() && !address.getAddress().isLoopbackAddress()) {
                throw refused(
                        prefix,
                        "host: others can reach \"" + config.host()
                                + "\", so a token must be set: give a token_file, or " + Token.VARIABLE
                                + " in the environment; or listen at 127.0.0.1");
            }
            Optional<Tls> tls = config.tls().map(own -> {
                ServerKey key = serverKey(own, prefix);
                key.warnings(own, Instant.now()).forEach(ManagementServer::warn);
                return new Tls(own, new RenewableKeyManager(key));
            });
            HttpServer server = create(config, prefix, address, tls);
            try {
                Token token = set.isPresent()
                        ? set.get()
                        : Token.make(folder, server.getAddress().getPort());
                return new ManagementServer(server, tls, config.host(), token);
            } catch (IOException | RuntimeException e) {
                server.stop(0);
                throw e;
            }
        } catch (IOException e) {
            throw refused(prefix, "token_file: " + e.getMessage());
        }
    }

    private static void warn(String warning) {
        System.getLogger(Engine.class.getName()).log(System.Logger.Level.WARNING, "management." + warning);
    }

    private static HttpServer create(
            ManagementConfig config, String prefix, InetSocketAddress address, Optional<Tls> tls) {
        try {
            if (tls.isEmpty()) {
                return HttpServer.create(address, BACKLOG);
            }
            HttpsServer server = HttpsServer.create(address, BACKLOG);
            server.setHttpsConfigurator(tls.get().configurator());
            return server;
        } catch (IOException e) {
            String port = "port: " + config.port() + " at " + config.host();
            String reason = String.valueOf(e.getMessage());
            throw refused(
                    prefix,
                    switch (reason) {
                        case "Address already in use" ->
                            port + " is taken: end what listens there, or give another port";
                        case "Permission denied" -> port + " may not be had by this user: give one above 1023";
                        case "Cannot assign requested address" ->
                            "host: " + config.host() + " is no address of this machine";
                        default -> port + " can't be had: " + reason;
                    });
        }
    }

    private static ConfigException refused(String prefix, String why) {
        return new ConfigException(List.of(prefix + "management." + why));
    }

    /// {@return what is to be told of all that happens in the engine}
    public EngineWatcher watcher() {
        return events;
    }

    /// Begins to answer.
    public void start(ManagedEngine engine) {
        Gatekeeper gatekeeper =
                new Gatekeeper(scheme(), host, server.getAddress().getPort(), !readsNeedToken(), token.text());
        Scrapes metrics = new Scrapes(engine.engine().registry());
        scrapes = metrics;
        List<Route> routes = Stream.of(
                        new Api(engine, events, metrics, readsNeedToken()).routes(), new Console().routes())
                .flatMap(List::stream)
                .toList();
        server.createContext("/", new Router(gatekeeper, routes, new Refusals(engine, System::nanoTime)));
        server.setExecutor(new RequestThreads(MOST_REQUESTS, Call.PATIENCE));
        started.set(true);
        // Its thread is a daemon if it is started by one: a server that nobody closes doesn't keep the JVM alive.
        Thread starter =
                Thread.ofPlatform().daemon().name("myrmidon-http-start").unstarted(server::start);
        starter.start();
        boolean interrupted = false;
        while (true) {
            try {
                starter.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        metrics.start();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// {@return where it listens}
    public URI address() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(scheme() + "://" + name + ":" + server.getAddress().getPort());
    }

    /// {@return true if reading needs the token, too, since others can reach the API}
    public boolean readsNeedToken() {
        return !server.getAddress().getAddress().isLoopbackAddress();
    }

    private String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /// Reads the files of TLS again. What they have is for connections that begin from now on; those that there are
    /// keep what they have.
    ///
    /// @return what changed, in words; empty if nothing did
    /// @throws IOException if they can't be used, and all stays as it is; the message says why
    public synchronized Optional<String> renew() throws IOException {
        if (tls.isEmpty()) {
            return Optional.empty();
        }
        TlsConfig config = tls.get().config();
        ServerKey key;
        try {
            key = ServerKey.read(config);
        } catch (IOException e) {
            throw new IOException("management." + e.getMessage(), e);
        }
        if (!tls.get().keys().renew(key)) {
            return Optional.empty();
        }
        key.warnings(config, Instant.now()).forEach(ManagementServer::warn);
        return Optional.of("management.tls renewed: " + key.shown());
    }

    /// {@return where the token is, in words}
    public String tokenOrigin() {
        return token.origin();
    }

    /// {@return how many clients listen to events}
    public int listeners() {
        return events.clients();
    }

    /// Ends the streams, waits a second at most for answers that are under way, and closes all
    /// connections. No effect if it is closed.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        events.close();
        server.stop(started.get() ? PATIENCE : 0);
        Scrapes metrics = scrapes;
        if (metrics != null) {
            metrics.close();
        }
        token.forget();
    }
}
