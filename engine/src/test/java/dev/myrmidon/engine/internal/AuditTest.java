package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.AuditEntry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTest {
    @Test
    void keepsTheLastOnes() {
        Audit audit = new Audit();
        for (int i = 0; i < Audit.MOST + 2; i++) {
            audit.add(new AuditEntry(Instant.EPOCH, AuditEntry.Source.FILE, List.of("change " + i), List.of()));
        }

        assertThat(audit.entries()).hasSize(Audit.MOST);
        assertThat(audit.entries().getFirst().changes()).containsExactly("change 2");
        assertThat(audit.entries().getLast().changes()).containsExactly("change 1001");
    }
}
