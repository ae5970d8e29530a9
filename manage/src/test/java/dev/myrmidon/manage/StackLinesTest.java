package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackLinesTest {
    private static StackTraceElement call(String method) {
        return new StackTraceElement("com.acme.Shop", method, "Shop.java", 7);
    }

    private static <T extends Throwable> T thrownIn(T thrown, String... methods) {
        StackTraceElement[] calls = new StackTraceElement[methods.length];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = call(methods[i]);
        }
        thrown.setStackTrace(calls);
        return thrown;
    }

    @Test
    void aCauseIsToldWithoutWhatItHasInCommon() {
        IOException cause = thrownIn(new IOException("broken pipe"), "write", "ship", "run");
        UncheckedIOException thrown = thrownIn(new UncheckedIOException("can't ship", cause), "order", "run");

        assertThat(StackLines.of(thrown))
                .containsExactly(
                        "at com.acme.Shop.order(Shop.java:7)",
                        "at com.acme.Shop.run(Shop.java:7)",
                        "Caused by: java.io.IOException: broken pipe",
                        "at com.acme.Shop.write(Shop.java:7)",
                        "at com.acme.Shop.ship(Shop.java:7)",
                        "... 1 more");
    }

    @Test
    void aDeepOneIsCut() {
        String[] deep = new String[100];
        Arrays.fill(deep, "again");

        List<String> lines = StackLines.of(thrownIn(new StackOverflowError(), deep));

        assertThat(lines).hasSize(17).endsWith("at com.acme.Shop.again(Shop.java:7)", "... 84 more");
    }

    @Test
    void manyCausesAndCirclesEnd() {
        Exception first = thrownIn(new Exception("first"), "run");
        Exception second = thrownIn(new Exception("second", first), "run");
        first.initCause(second);
        assertThat(StackLines.of(first))
                .containsExactly(
                        "at com.acme.Shop.run(Shop.java:7)", "Caused by: java.lang.Exception: second", "... 1 more");

        Exception chain = new Exception("0");
        for (int i = 1; i < 100; i++) {
            chain = thrownIn(new Exception(Integer.toString(i), chain), "run");
        }
        assertThat(StackLines.of(chain).stream().filter(line -> line.startsWith("Caused by")))
                .hasSize(4);
    }

    @Test
    void whatCannotBeReadIsSaid() {
        Exception broken = new Exception() {
            private static final long serialVersionUID = 1;

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("no");
            }
        };
        assertThat(StackLines.of(broken)).containsExactly("the rest can't be read");
    }
}
