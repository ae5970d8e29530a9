package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.Engine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    @Test
    void thoseOfStrangersAreToldUpToANumberAndCountedBeyondIt() {
        AtomicLong now = new AtomicLong(-5);
        Problem problem = new Problem(401, "no token");
        try (Engine engine = Engine.create()) {
            Noted noted = new Noted(engine);
            Refusals refusals = new Refusals(noted, now::get);
            for (int i = 0; i < Refusals.MOST + 7; i++) {
                refusals.stranger("c", "POST /x", problem);
            }
            assertThat(noted.refused()).hasSize(Refusals.MOST).last().isEqualTo("c POST /x: no token");

            refusals.known("d", "POST /x", new Problem(400, "bad"));
            assertThat(noted.refused()).last().isEqualTo("d POST /x: bad");

            now.addAndGet(Duration.ofMinutes(1).toNanos());
            refusals.stranger("c", "POST /x", problem);
            assertThat(noted.refused()).last().isEqualTo("c POST /x: no token; 7 more were refused before");
            refusals.stranger("c", "POST /x", problem);
            assertThat(noted.refused()).last().isEqualTo("c POST /x: no token");

            int before = noted.refused().size();
            refusals.reader("c", "GET /x", problem);
            assertThat(noted.refused()).as("reads change nothing").hasSize(before);
        }
    }
}
