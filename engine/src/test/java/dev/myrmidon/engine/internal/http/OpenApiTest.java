package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    @Test
    void whatExistsIsDocumentedAndWhatIsDocumentedExists() {
        try (Engine engine = Engine.create()) {
            List<Route> routes = new Api(new Standing(engine), new EventHub(Duration.ofSeconds(1))).routes();

            assertThat(OpenApi.OPERATIONS.keySet())
                    .isEqualTo(routes.stream()
                            .map(route -> route.method() + " " + route.path())
                            .collect(Collectors.toSet()));
            for (Route route : routes) {
                List<String> least =
                        route.isWrite() ? List.of("200", "400", "401", "403") : List.of("200", "400", "403");
                assertThat(OpenApi.OPERATIONS.get(route.method() + " " + route.path()))
                        .as(route.path())
                        .containsAll(least);
            }
        }
    }

    private record Standing(Engine engine) implements ManagedEngine {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Optional<AuditEntry> reload(String client) {
            return Optional.empty();
        }

        @Override
        public void account(String client, List<String> changes, List<String> refusals) {}
    }
}
