package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What takes an executor takes a pool.
@Timeout(60)
class ExecutorUsersTest {
    @ParameterizedTest
    @EnumSource
    void completableFutures(PoolKind kind) {
        try (Pool pool = kind.open()) {
            CompletableFuture<Integer> sum = CompletableFuture.supplyAsync(() -> 1, pool);
            for (int i = 0; i < 100; i++) {
                sum = sum.thenApplyAsync(n -> n + 1, pool)
                        .thenCombineAsync(CompletableFuture.supplyAsync(() -> 1, pool), Integer::sum, pool);
            }
            assertThat(sum.join()).isEqualTo(201);
            CompletableFuture<Integer> failed = CompletableFuture.supplyAsync(
                    () -> {
                        throw new IllegalStateException("no");
                    },
                    pool);
            assertThatThrownBy(failed::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPublisher(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            List<Integer> got = new ArrayList<>();
            CompletableFuture<Void> end;
            try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(pool, 16)) {
                end = publisher.consume(got::add);
                for (int i = 0; i < 100; i++) {
                    publisher.submit(i);
                }
            }
            end.get();
            assertThat(got).hasSize(100).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anHttpClientAndItsServer(PoolKind kind) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (Pool serving = Pool.builder("serving").capacity(8).build();
                Pool pool = kind.open()) {
            server.setExecutor(serving);
            server.createContext("/", exchange -> {
                byte[] answer = exchange.getRequestURI().getPath().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                try (var body = exchange.getResponseBody()) {
                    body.write(answer);
                }
            });
            server.start();
            try (HttpClient client = HttpClient.newBuilder().executor(pool).build()) {
                List<CompletableFuture<String>> answers = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    URI uri = URI.create("http://" + server.getAddress().getHostString() + ":"
                            + server.getAddress().getPort() + "/" + i);
                    answers.add(client.sendAsync(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(Duration.ofSeconds(30))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .thenApply(HttpResponse::body));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(answers.get(i).join()).isEqualTo("/" + i);
                }
            }
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionService(PoolKind kind) throws Exception {
        try (Pool pool = kind.builder().capacity(2).queueCapacity(100).build()) {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            assertThat(service.poll()).isNull();
            assertThat(service.poll(1, TimeUnit.MILLISECONDS)).isNull();
            CountDownLatch letGo = new CountDownLatch(1);
            Future<Integer> late = service.submit(() -> {
                letGo.await();
                return 1;
            });
            Future<Integer> early = service.submit(() -> 2);
            assertThat(service.take()).as("in the order of their ends").isSameAs(early);
            assertThat(service.poll()).isNull();
            letGo.countDown();
            assertThat(service.take()).isSameAs(late);
            Future<Integer> failing = service.submit(() -> {
                throw new IllegalStateException("no");
            });
            Future<Integer> next = service.poll(30, TimeUnit.SECONDS);
            assertThat(next).isSameAs(failing);
            assertThatThrownBy(next::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            Future<String> given = new ExecutorCompletionService<String>(pool).submit(() -> {}, "given");
            assertThat(given.get()).isEqualTo("given");
            for (int i = 0; i < 50; i++) {
                service.submit(() -> 1);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(service.take().get()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionServiceTellsOfWhatWasCancelled(PoolKind kind) throws Exception {
        try (Pool pool = kind.builder().capacity(1).queueCapacity(10).build();
                Held held = Held.fill(pool, 1)) {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            Future<Integer> future = service.submit(() -> 1);
            assertThat(future.cancel(true)).isTrue();
            held.letGo();
            assertThat(service.take()).isSameAs(future);
            assertThat(future.isCancelled()).isTrue();
        }
    }

    @Test
    void aCompletionServiceTellsOfATimeout() throws Exception {
        try (Pool pool = Pool.builder("orders")
                .capacity(2)
                .taskTimeout(Duration.ofMillis(20))
                .onFailure((_, _) -> {})
                .build()) {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            Future<Integer> future = service.submit(() -> {
                new CountDownLatch(1).await();
                return 1;
            });
            assertThat(service.take()).isSameAs(future);
            assertThat(future.state()).isEqualTo(Future.State.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureTaskOfTheUsers(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            FutureTask<Integer> future = new FutureTask<>(() -> 7);
            pool.execute(future);
            assertThat(future.get()).isEqualTo(7);

            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            FutureTask<Integer> cancelled = new FutureTask<>(() -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return 1;
            });
            pool.execute(cancelled);
            started.await();
            cancelled.cancel(true);
            interrupted.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureTaskOfTheUsersThatIsDroppedIsCancelled(PoolKind kind) throws Exception {
        Pool pool = kind.builder()
                .capacity(1)
                .queueCapacity(1)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            FutureTask<Integer> dropped = new FutureTask<>(() -> 7);
            pool.execute(dropped);
            pool.execute(() -> {});
            assertThat(dropped).isCancelled();
            assertThat(pool.stats().shed()).isEqualTo(1);
        }
    }

    @Test
    void aFutureTaskOfTheUsersThatDoesNotStartInTimeIsCancelled() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            pool.reconfigure(
                    pool.config().toBuilder().startWithin(Duration.ofMillis(20)).config());
            FutureTask<Integer> shed = new FutureTask<>(() -> 7);
            CountDownLatch done = new CountDownLatch(1);
            pool.execute(shed);
            Thread.ofVirtual().start(() -> {
                try {
                    shed.get();
                } catch (Exception e) {
                    done.countDown();
                }
            });
            done.await();
            assertThat(shed).isCancelled();
        }
    }

    @Test
    void aPoolTakesTheTasksOfAnotherOne() throws Exception {
        try (Pool first = Pool.builder("first").capacity(1).queueCapacity(5).build();
                Pool second = Pool.builder("second").capacity(1).build()) {
            Held held = Held.fill(first, 1);
            Task<Integer> task = first.submit(() -> 1);
            first.execute(() -> {});
            List<Runnable> neverStarted = first.shutdownNow();
            assertThat(neverStarted).hasSize(2);
            neverStarted.forEach(second::execute);
            second.awaitIdle();
            assertThat(task.isCancelled()).isTrue();
            held.letGo();
        }
    }
}
