package dev.myrmidon.engine.internal.metrics;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The formats in which metrics are served.
public enum ScrapeFormat {
    /// Prometheus' own, which is served unless the client would rather have another one.
    TEXT("text/plain", "0.0.4"),
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    OPEN_METRICS("application/openmetrics-text", "1.0.0");

    private static final Pattern QUALITY = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");

    private final String mediaType;
    private final String version;

    ScrapeFormat(String mediaType, String version) {
        this.mediaType = mediaType;
        this.version = version;
    }

    /// {@return the media type, with its parameters}
    public String contentType() {
        return mediaType + "; version=" + version + "; charset=utf-8";
    }

    /// Chooses as servers of Prometheus do: what the client likes best of what is served, the first of
    /// several; if it likes none, the usual one.
    ///
    /// @param accept the header `Accept`, of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-accept);
    ///     empty if there is none
    /// @return the format to answer in
    public static ScrapeFormat accepted(String accept) {
        ScrapeFormat best = TEXT;
        double bestQuality = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            String quality = parameter(parts, "q");
            double liked = quality == null ? 1 : QUALITY.matcher(quality).matches() ? Double.parseDouble(quality) : 0;
            ScrapeFormat format = of(parts[0].strip(), parameter(parts, "version"));
            if (format != null && liked > bestQuality) {
                best = format;
                bestQuality = liked;
            }
        }
        return best;
    }

    private static @Nullable ScrapeFormat of(String type, @Nullable String wanted) {
        if (type.equals("*/*") || type.equals("text/*")) {
            return TEXT;
        }
        for (ScrapeFormat format : values()) {
            if (type.equals(format.mediaType) && (wanted == null || wanted.equals(format.version))) {
                return format;
            }
        }
        return null;
    }

    private static @Nullable String parameter(String[] parts, String name) {
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].split("=", 2);
            if (parameter.length == 2 && parameter[0].strip().equals(name)) {
                return parameter[1].strip().replace("\"", "");
            }
        }
        return null;
    }
}
