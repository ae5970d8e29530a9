package dev.myrmidon.engine.internal.metrics;

import static dev.myrmidon.engine.internal.metrics.ScrapeFormat.OPEN_METRICS;
import static dev.myrmidon.engine.internal.metrics.ScrapeFormat.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScrapeFormatTest {
    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments("", TEXT),
                arguments("*/*", TEXT),
                arguments("text/*;q=0.1", TEXT),
                arguments("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", TEXT),
                arguments("application/openmetrics-text", OPEN_METRICS),
                arguments("Application/OpenMetrics-Text; Version=\"1.0.0\"; charset=utf-8", OPEN_METRICS),
                arguments("application/openmetrics-text;version=0.0.1", TEXT),
                arguments("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", TEXT),
                arguments("application/openmetrics-text;q=0", TEXT),
                arguments("text/plain;q=0.3,application/openmetrics-text;q=0.5", OPEN_METRICS),
                arguments("text/plain,application/openmetrics-text", TEXT),
                arguments("application/openmetrics-text,text/plain", OPEN_METRICS),
                // Prometheus 2.42 and 3
                arguments(
                        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                        OPEN_METRICS),
                arguments(
                        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                                + "application/openmetrics-text;version=0.0.1;q=0.4,"
                                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
                                + "*/*;q=0.1",
                        OPEN_METRICS),
                arguments(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
                                + "q=0.6,text/plain;version=0.0.4;q=0.2",
                        TEXT),
                arguments(",;=;q=;,;;;application/openmetrics-text;q=high", TEXT),
                arguments("application/openmetrics-text;q=1.5", TEXT),
                arguments("q=1;application/openmetrics-text", TEXT));
    }

    @ParameterizedTest
    @MethodSource
    void accepted(String accept, ScrapeFormat format) {
        assertThat(ScrapeFormat.accepted(accept)).isEqualTo(format);
    }
}
