package dev.myrmidon.manage.alarm;

import dev.myrmidon.manage.internal.HttpTargets;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Where and how a [WebhookNotifier] sends. Immutable.
///
/// @param url `http` or `https`, with a host. What is behind the host is taken for a secret and never shown
/// @param template the shape of what is sent
/// @param timeout how long one request may take, with its answer; positive, at most an hour
/// @param retries how often a request that failed is repeated: 0 to 10
/// @param backoff what is waited before the first repetition, doubled for each further one up to a minute, less a
///     random part of up to a half; positive, at most a minute
/// @param secret signs the requests as DingTalk has it, with [WebhookTemplate#DINGTALK] only; not blank
public record WebhookConfig(
        URI url, WebhookTemplate template, Duration timeout, int retries, Duration backoff, Optional<String> secret) {

    private static final Duration MOST_TIMEOUT = Duration.ofHours(1);
    private static final Duration MOST_BACKOFF = Duration.ofMinutes(1);
    private static final int MOST_RETRIES = 10;

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if a field is out of its range; names the field, the value and the rule,
    ///     but shows neither the url nor the secret
    public WebhookConfig {
        HttpTargets.requireSendable(url);
        Objects.requireNonNull(template, "template");
        requirePositive("timeout", timeout, MOST_TIMEOUT);
        if (retries < 0 || retries > MOST_RETRIES) {
            throw new IllegalArgumentException("retries must be 0 to " + MOST_RETRIES + ", was " + retries);
        }
        requirePositive("backoff", backoff, MOST_BACKOFF);
        if (secret.isPresent()) {
            if (template != WebhookTemplate.DINGTALK) {
                throw new IllegalArgumentException("secret needs the template dingtalk, was "
                        + template.name().toLowerCase(Locale.ROOT));
            }
            if (secret.get().isBlank()) {
                throw new IllegalArgumentException("secret must not be blank");
            }
        }
    }

    /// What is usual: a timeout of 5 seconds, 3 retries after 1, 2 and 4 seconds, no secret.
    ///
    /// @param url `http` or `https`, with a host
    /// @param template the shape of what is sent
    /// @return the configuration
    /// @throws IllegalArgumentException if the url is none that can be asked
    public static WebhookConfig of(URI url, WebhookTemplate template) {
        return new WebhookConfig(url, template, Duration.ofSeconds(5), 3, Duration.ofSeconds(1), Optional.empty());
    }

    /// {@return the part of the url that is no secret: `https://hooks.example.com`}
    public String host() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /// {@return everything but what is secret}
    @Override
    public String toString() {
        return "WebhookConfig[url=" + host() + "/…, template=" + template + ", timeout=" + timeout + ", retries="
                + retries + ", backoff=" + backoff + ", secret=" + (secret.isPresent() ? "…" : "none") + "]";
    }

    private static void requirePositive(String field, Duration value, Duration most) {
        if (!Objects.requireNonNull(value, field).isPositive() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(field + " must be positive and at most " + most + ", was " + value);
        }
    }
}
