package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where others can reach the server, the API is for those who have the token.
@Timeout(60)
class ElsewhereTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        ManagementConfig open = new ManagementConfig("0.0.0.0", 0, Optional.of(Served.tokenFile(folder)));
        served = new Served(new DefaultEngine(EngineConfig.defaults().management(open)));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/info",
                "/api/pools",
                "/api/pools/default",
                "/api/pools/nope",
                "/api/tasks",
                "/api/tasks/default/1",
                "/api/alarms",
                "/api/audit",
                "/api/config",
                "/api/config/diff",
                "/api/events",
                "/api/openapi.yaml",
                "/api/nothing",
                "/api/"
            })
    void readingNeedsTheToken(String path) throws IOException, InterruptedException {
        HttpResponse<String> without = served.get(path);
        ApiTest.assertProblem(without, 401, "the API needs a token, as Authorization: Bearer TOKEN");
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"myrmidon\"");
        HttpResponse<String> wrong = served.send(served.request(path).header("Authorization", "Bearer wrong"));
        ApiTest.assertProblem(wrong, 401, "the token is not the one of this server");
        assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"myrmidon\", error=\"invalid_token\"");
        assertThat(served.send(served.request(path).HEAD()).statusCode()).isEqualTo(401);
        assertThat(served.send(served.request(path).HEAD().header("Authorization", "Bearer " + Served.TOKEN))
                        .statusCode())
                .isNotEqualTo(401);
        assertThat(served.engine.audit()).isEmpty();
    }

    @Test
    void withItTheApiAnswers() throws IOException, InterruptedException {
        HttpResponse<String> info =
                served.send(served.request("/api/info").header("Authorization", "Bearer " + Served.TOKEN));

        assertThat(info.statusCode()).isEqualTo(200);
        assertThat(Served.parsed(info.body())).containsEntry("reads_need_token", true);
        assertThat(served.patch("/api/pools/default", "{\"capacity\": 9}").statusCode())
                .isEqualTo(200);
    }

    /// Those who probe a process have no token.
    @Test
    void healthAndReadinessNeedNone() throws IOException, InterruptedException {
        for (String path : List.of("/healthz", "/readyz")) {
            assertThat(served.get(path).statusCode()).isEqualTo(200);
        }
        ApiTest.assertProblem(served.get("/nothing"), 404, "there is nothing at this path");
    }

    @Test
    void aWriteWithoutItIsInTheAudit() throws IOException, InterruptedException {
        HttpResponse<String> response =
                served.send(served.request("/api/tasks/default/1").DELETE());

        ApiTest.assertProblem(response, 401, "writes need a token");
        assertThat(served.engine.audit()).hasSize(1);
    }
}
