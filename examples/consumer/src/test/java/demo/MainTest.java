package demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void everyTaskRuns() {
        assertEquals(4950, Main.sum());
    }
}
