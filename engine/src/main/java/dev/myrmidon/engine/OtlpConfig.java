package dev.myrmidon.engine;

import dev.myrmidon.manage.internal.HttpTargets;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Where an [Engine] sends its metrics, by the OpenTelemetry protocol over HTTP, in Protobuf. Immutable.
///
/// @param url `http` or `https`, with a host, and the path at which metrics are taken: `/v1/metrics` of a collector.
///     What follows a question mark is taken for a secret and never shown
/// @param interval from one export to the next: [#MIN_INTERVAL] to [#MAX_INTERVAL]
/// @param headers sent with each export, such as `Authorization`; their values are taken for secrets and never shown
public record OtlpConfig(URI url, Duration interval, Map<String, String> headers) {

    /// The shortest interval: a second.
    public static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    /// The longest interval: a day.
    public static final Duration MAX_INTERVAL = Duration.ofDays(1);

    /// The interval unless said otherwise: a minute.
    public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]*");

    /// What the HTTP client and the protocol set themselves.
    private static final Set<String> NOT_OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "transfer-encoding",
            "upgrade");

    /// Checks each field, and copies the headers.
    ///
    /// @throws IllegalArgumentException if a field is out of its range; names the field and the rule, but shows
    ///     neither the url nor the value of a header
    public OtlpConfig {
        HttpTargets.requireSendable(url);
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "interval must be " + MIN_INTERVAL + " to " + MAX_INTERVAL + ", was " + interval);
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "headers must have names of letters, digits and dashes, was \"" + name + '"');
            }
            if (NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("headers must not have " + name + ": the export sets it itself");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("headers must have each name once, was twice " + name);
            }
            if (!HEADER_VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("headers must have values of printable ASCII, not so " + name);
            }
        });
    }

    /// What is usual: an export each minute, without further headers.
    ///
    /// @param url `http` or `https`, with a host and the path at which metrics are taken
    /// @return the configuration
    /// @throws IllegalArgumentException if the url is none that can be asked
    public static OtlpConfig of(URI url) {
        return new OtlpConfig(url, DEFAULT_INTERVAL, Map.of());
    }

    /// Sets [#interval()].
    ///
    /// @param interval from one export to the next
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range
    public OtlpConfig interval(Duration interval) {
        return new OtlpConfig(url, interval, headers);
    }

    /// Sets [#headers()].
    ///
    /// @param headers sent with each export
    /// @return a copy with them
    /// @throws IllegalArgumentException if one of them can't be sent
    public OtlpConfig headers(Map<String, String> headers) {
        return new OtlpConfig(url, interval, headers);
    }

    /// {@return the part of the url that is no secret: all but what follows a question mark}
    public String endpoint() {
        String text = url.toString();
        int question = text.indexOf('?');
        return question < 0 ? text : text.substring(0, question);
    }

    /// {@return everything but what is secret}
    @Override
    public String toString() {
        return "OtlpConfig[url=" + endpoint() + (url.getRawQuery() == null ? "" : "?…") + ", interval=" + interval
                + ", headers=" + headers.keySet() + "]";
    }
}
