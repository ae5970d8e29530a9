package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.OtlpConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes an [OtlpConfig] of the keys under `metrics`.
final class MetricsBinder {
    private static final String OTLP = "otlp";
    private static final String URL = "url";
    private static final String HEADERS = "headers";
    private static final List<String> KEYS = List.of(OTLP);
    private static final List<String> OTLP_KEYS = List.of(URL, "interval", HEADERS);

    /// Where collectors take the protocol over gRPC, which this doesn't speak.
    private static final int GRPC_PORT = 4317;

    private MetricsBinder() {}

    /// Empty if nothing is to be sent.
    static Optional<OtlpConfig> otlp(Findings findings, Section metrics) {
        Section section = metrics.only(KEYS).secretSection(OTLP).only(OTLP_KEYS);
        if (!section.isGivenOr("nothing is sent")) {
            return Optional.empty();
        }
        Setting<String> url = section.text(URL, "a URL");
        Setting<Duration> interval = section.duration(
                "interval",
                OtlpConfig.DEFAULT_INTERVAL,
                d -> d.compareTo(OtlpConfig.MIN_INTERVAL) >= 0 && d.compareTo(OtlpConfig.MAX_INTERVAL) <= 0,
                "1s to 24h");
        Section given = section.secretSection(HEADERS);
        Map<String, String> headers = new LinkedHashMap<>();
        for (Node.Entry header : given.entries()) {
            Setting<String> value = given.text(header.key(), "the value of a header");
            if (value.given()) {
                headers.put(header.key(), value.value());
            }
        }
        if (!url.given()) {
            findings.mistake(section.place(), section.path() + ": needs a url");
            return Optional.empty();
        }
        try {
            OtlpConfig otlp = new OtlpConfig(new URI(url.value()), interval.value(), headers);
            warn(findings, url.place(), section.pathOf(URL), otlp.url());
            return Optional.of(otlp);
        } catch (URISyntaxException e) {
            findings.mistake(url.place(), section.pathOf(URL) + ": is not a URL: " + e.getReason());
        } catch (IllegalArgumentException e) {
            findings.mistake(section.place(), section.path() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private static void warn(Findings findings, Place place, String path, URI url) {
        if (url.getPort() == GRPC_PORT) {
            findings.warning(place, path + ": collectors speak gRPC at port 4317; over HTTP, as here, they use 4318");
        }
        if (url.getRawPath().isEmpty() || url.getRawPath().equals("/")) {
            findings.warning(place, path + ": has no path; collectors take metrics at /v1/metrics");
        }
    }
}
