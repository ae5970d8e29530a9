package dev.myrmidon.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskTimeoutException;
import dev.myrmidon.TasksFailedException;
import dev.myrmidon.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/// A web shop that only pretends to work: its tasks sleep.
///
/// Each request is a task of the engine's default pool, and the work it asks for is one of the pool for that
/// kind of work. So a kind that has no room harms no other one. What a task's end is to a client:
///
/// | the task | status |
/// |---|---|
/// | completed | 200, or 202 if nobody waits for it |
/// | was refused: no room now | 503 with `Retry-After` |
/// | was shed or cancelled, or the pool is closed | 503 with `Retry-After` |
/// | timed out | 504 |
/// | failed | 502: what it called is to blame |
final class Shop implements AutoCloseable {
    /// Connections that may wait to be accepted; 50 is usual, which a burst fills.
    private static final int BACKLOG = 1_024;

    private static final int ITEMS_OF_AN_ORDER = 4;
    private static final int ACCOUNTS = 50;
    private static final int READERS_OF_A_NEWSLETTER = 120;
    private static final TaskOptions RESET = TaskOptions.NONE.priority(9);
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final List<String> MONTHS = List.of("January", "February", "March", "April", "May", "June");
    private static final List<String> CUSTOMERS = List.of("Acme", "Globex", "Initech", "Umbrella", "Hooli");

    private final Engine engine;
    private final HttpServer server;

    /// What is done for a request. Throws what its task threw.
    private interface Work {
        Answer answer(String argument) throws InterruptedException, ExecutionException;
    }

    private record Answer(int status, String text) {}

    /// Begins to answer requests.
    ///
    /// @param engine has the pools
    /// @param port where to listen on this machine; 0 for any that is free
    /// @throws IOException if the port can't be had
    Shop(Engine engine, int port) throws IOException {
        this.engine = engine;
        // The work of a request goes to another pool, so this one ends first.
        engine.registry().pools().stream()
                .filter(pool -> pool != engine.pool())
                .forEach(pool -> engine.registry()
                        .feeds(engine.pool().config().name(), pool.config().name()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.createContext("/order/", answering(this::order));
        server.createContext("/search/", answering(this::search));
        server.createContext("/pay/", answering(this::pay));
        server.createContext("/reset/", answering(this::reset));
        server.createContext("/newsletter/", answering(this::newsletter));
        server.createContext("/image/", answering(this::image));
        server.createContext("/report/", answering(this::report));
        server.setExecutor(engine.pool());
        server.start();
    }

    /// {@return where it listens, with a slash at the end}
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /// Listens no more. The pools are the engine's.
    @Override
    public void close() {
        server.stop(0);
    }

    private static HttpHandler answering(Work work) {
        return exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                send(exchange, answer(work, path.substring(path.lastIndexOf('/') + 1)));
            }
        };
    }

    private static Answer answer(Work work, String argument) {
        try {
            return work.answer(argument);
        } catch (PoolSaturatedException e) { // says how full the pool is
            return new Answer(503, String.valueOf(e.getMessage()));
        } catch (RejectedExecutionException | IllegalArgumentException e) { // gone from the file, or all of it ends
            return new Answer(503, "closed");
        } catch (CancellationException | TasksFailedException e) { // shed, or cancelled by somebody
            return new Answer(503, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) { // this request was cancelled
            return new Answer(503, "cancelled");
        } catch (ExecutionException e) {
            return e.getCause() instanceof TaskTimeoutException
                    ? new Answer(504, "no answer in time")
                    : new Answer(502, String.valueOf(e.getCause()));
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (answer.status() == 503) {
            exchange.getResponseHeaders().set("Retry-After", RETRY_AFTER_SECONDS);
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    /// Looks up all items of an order at once.
    private Answer order(String number) throws InterruptedException {
        List<Integer> counts = engine.pool("stock")
                .map(IntStream.range(0, ITEMS_OF_AN_ORDER).boxed().toList(), _ -> {
                    work(4, 12);
                    return 1;
                })
                .options(TaskOptions.named("stock of order " + number))
                .toList();
        return new Answer(200, "order " + number + ": " + counts.size() + " items");
    }

    private Answer search(String words) throws InterruptedException, ExecutionException {
        return awaited("search", TaskOptions.named("search " + words), () -> {
            work(100, 300);
            return "found " + words;
        });
    }

    /// Payments of one account take turns.
    private Answer pay(String number) throws InterruptedException, ExecutionException {
        String account = "account-" + Math.floorMod(number.hashCode(), ACCOUNTS);
        TaskOptions options =
                TaskOptions.named("payment " + number + " of " + account).key(account);
        return awaited("payments", options, () -> askTheBank(number));
    }

    /// It is well for 40 seconds of each minute, then has trouble.
    private static String askTheBank(String number) throws InterruptedException {
        boolean trouble = System.currentTimeMillis() / 1_000 % 60 >= 40;
        int luck = ThreadLocalRandom.current().nextInt(100);
        if (luck < (trouble ? 15 : 1)) {
            work(1_000, 5_000); // longer than the pool lets it
        }
        work(30, 120);
        if (luck >= (trouble ? 70 : 98)) {
            throw new IllegalStateException("the bank says: no, code " + luck);
        }
        return "paid " + number;
    }

    private Answer reset(String user) throws InterruptedException, ExecutionException {
        return awaited("mail", RESET.name("password reset for " + user), () -> mail(user));
    }

    /// Nobody waits for its mails. If there is no room for all of them those that were accepted are sent.
    private Answer newsletter(String number) {
        Pool mail = engine.pool("mail");
        for (int reader = 0; reader < READERS_OF_A_NEWSLETTER; reader++) {
            String user = "reader-" + reader;
            var _ = mail.submit(() -> mail(user), TaskOptions.named("newsletter " + number + " to " + user));
        }
        return new Answer(202, "accepted");
    }

    private static String mail(String user) throws InterruptedException {
        work(80, 160);
        return "sent to " + user;
    }

    private Answer image(String number) throws InterruptedException, ExecutionException {
        return awaited("images", TaskOptions.named("thumbnail of image " + number), () -> {
            work(150, 350);
            return "thumbnail of image " + number;
        });
    }

    /// Takes too long to wait for.
    private Answer report(String number) {
        int any = Math.floorMod(number.hashCode(), MONTHS.size() * CUSTOMERS.size());
        String name = "revenue of " + MONTHS.get(any % MONTHS.size()) + " for " + CUSTOMERS.get(any / MONTHS.size());
        Task<String> task = engine.pool("reports")
                .submit(
                        () -> {
                            work(2_000, 15_000);
                            return name;
                        },
                        TaskOptions.named(name));
        return new Answer(202, "report " + task.id() + ": " + name);
    }

    /// Has a task run and waits for its end.
    private Answer awaited(String pool, TaskOptions options, Callable<String> work)
            throws InterruptedException, ExecutionException {
        Task<String> task = engine.pool(pool).submit(work, options);
        try {
            return new Answer(200, task.get());
        } catch (InterruptedException e) {
            task.cancel(true); // nobody waits for it any more
            throw e;
        }
    }

    /// Waits for a database, a disk or another service.
    private static void work(int leastMillis, int mostMillis) throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(leastMillis, mostMillis));
    }
}
