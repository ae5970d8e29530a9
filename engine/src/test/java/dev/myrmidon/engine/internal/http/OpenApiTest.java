package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.internal.metrics.Scrapes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    @Test
    void whatExistsIsDocumentedAndWhatIsDocumentedExists() {
        try (Engine engine = Engine.create()) {
            List<Route> routes = new Api(
                            new Noted(engine),
                            new EventHub(Duration.ofSeconds(1)),
                            new Scrapes(engine.registry()),
                            false)
                    .routes();

            assertThat(OpenApi.OPERATIONS.keySet())
                    .isEqualTo(routes.stream()
                            .map(route -> route.method() + " " + route.path())
                            .collect(Collectors.toSet()));
            for (Route route : routes) {
                List<String> least = route.path().startsWith("/api/")
                        ? List.of("200", "400", "401", "403")
                        : List.of("200", "400", "403");
                assertThat(OpenApi.OPERATIONS.get(route.method() + " " + route.path()))
                        .as(route.path())
                        .containsAll(least);
            }
        }
    }
}
