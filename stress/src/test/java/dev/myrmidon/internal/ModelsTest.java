package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.kotlinx.lincheck.LincheckAssertionError;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.junit.jupiter.api.Test;

/// Lincheck finds a fault that there is. On class files that it can't read it finds none and says nothing of
/// it: then the other tests would show nothing.
public class ModelsTest {
    private final int[] count = new int[1];

    @Operation
    public int increment() {
        return ++count[0];
    }

    /// What a counter must look like from outside.
    public static class Model {
        private int count;

        public int increment() {
            return ++count;
        }
    }

    @Test
    void theModelCheckerFindsALostIncrement() {
        assertThatThrownBy(() -> Models.check(ModelsTest.class, Model.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }
}
