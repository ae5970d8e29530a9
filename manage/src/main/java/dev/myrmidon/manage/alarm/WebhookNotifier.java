package dev.myrmidon.manage.alarm;

import dev.myrmidon.manage.internal.HttpTargets;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Posts alarms to a URL, as JSON.
///
/// A request has arrived if the answer is 2xx and, from DingTalk and WeCom, has an `errcode` of 0. One that got
/// no answer in time, or 408, 429 or 5xx, is repeated, not before the time that a `Retry-After` of seconds
/// asks for, up to a minute; any other answer is final. So an alarm may arrive twice. Redirects are not followed.
/// It uses platform threads only, so that it works when virtual threads get no carrier.
public final class WebhookNotifier implements Notifier {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_ANSWER = 64 << 10;
    private static final Pattern ERROR_CODE = Pattern.compile("\"errcode\"\\s*:\\s*(-?\\d{1,9})");
    /// DingTalk and WeCom are busy, and ask to be asked again.
    private static final String BUSY = "-1";

    private final WebhookConfig config;
    private final Clock clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("myrmidon-webhook-", 0).daemon().factory());
    private final HttpClient client = HttpClient.newBuilder().executor(threads).build();

    /// A notifier that sends there. Connects when there is something to tell.
    ///
    /// @param config where and how
    public WebhookNotifier(WebhookConfig config) {
        this(config, Clock.systemUTC());
    }

    WebhookNotifier(WebhookConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Posts the event, and waits for the answer; repeats it if need be.
    ///
    /// @throws IOException if it did not arrive; says why, and shows no more of the url than the host
    /// @throws InterruptedException if the thread is interrupted meanwhile; no request is under way then
    @Override
    public void send(AlarmEvent event) throws IOException, InterruptedException {
        String payload = config.template().payload(event);
        for (int attempt = 0; ; attempt++) {
            Attempt result = attempt(payload);
            if (result.arrived()) {
                return;
            }
            if (!result.again() || attempt == config.retries()) {
                throw new IOException(result.why() + (attempt == 0 ? "" : ", after " + (attempt + 1) + " attempts"));
            }
            Thread.sleep(pause(attempt, result.retryAfter()));
        }
    }

    /// What became of one request.
    ///
    /// @param again whether it is of use to repeat it
    private record Attempt(boolean arrived, boolean again, String why, OptionalLong retryAfter) {
        static Attempt failed(boolean again, String why) {
            return new Attempt(false, again, why, OptionalLong.empty());
        }
    }

    private Attempt attempt(String payload) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(signed())
                // The upgrade that the client would ask for over plain http confuses some servers.
                .version(
                        config.url().getScheme().equalsIgnoreCase("https")
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "myrmidon")
                .POST(HttpRequest.BodyPublishers.ofString(payload))
                .build();
        // The client's own timeout ends with the head of the answer.
        CompletableFuture<HttpResponse<String>> exchange = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_ANSWER));
        try {
            return judge(exchange.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Attempt.failed(true, "no answer within " + config.timeout());
        } catch (ExecutionException e) {
            return Attempt.failed(true, HttpTargets.reason(e.getCause() == null ? e : e.getCause()));
        } finally {
            exchange.cancel(true);
        }
    }

    private Attempt judge(HttpResponse<String> response) {
        int status = response.statusCode();
        if (status < 200 || status > 299) {
            return new Attempt(
                    false, status == 408 || status == 429 || status >= 500, "HTTP " + status, retryAfter(response));
        }
        if (config.template() == WebhookTemplate.DINGTALK || config.template() == WebhookTemplate.WECOM) {
            Matcher code = ERROR_CODE.matcher(response.body());
            if (!code.find()) {
                return Attempt.failed(false, "an answer without an errcode");
            }
            if (Integer.parseInt(code.group(1)) != 0) {
                return Attempt.failed(code.group(1).equals(BUSY), "errcode " + code.group(1));
            }
        }
        return new Attempt(true, false, "", OptionalLong.empty());
    }

    private static OptionalLong retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,9}"))
                .map(seconds -> OptionalLong.of(Long.parseLong(seconds)))
                .orElse(OptionalLong.empty());
    }

    private Duration pause(int attempt, OptionalLong retryAfter) {
        long longest = LONGEST_PAUSE.toNanos();
        long backoff = Math.min(longest, config.backoff().toNanos() << attempt); // at most 2¹⁰ minutes: no overflow
        long pause = backoff - ThreadLocalRandom.current().nextLong(backoff / 2 + 1);
        long asked = Math.min(LONGEST_PAUSE.toSeconds(), retryAfter.orElse(0));
        return Duration.ofNanos(Math.max(pause, TimeUnit.SECONDS.toNanos(asked)));
    }

    /// The URL, signed if there is a secret: with the time in ms and, in Base64, the HMAC-SHA-256 of time, line
    /// feed and secret with the secret as its key, as DingTalk's documentation of custom robots has it.
    private URI signed() {
        if (config.secret().isEmpty()) {
            return config.url();
        }
        String secret = config.secret().get();
        long now = clock.millis();
        String url = config.url().toString();
        return URI.create(url + (url.contains("?") ? "&" : "?") + "timestamp=" + now + "&sign="
                + URLEncoder.encode(hmac(now + "\n" + secret, secret), StandardCharsets.UTF_8));
    }

    private static String hmac(String text, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    @Override
    public String name() {
        return config.template().name().toLowerCase(Locale.ROOT) + " webhook " + config.host();
    }

    /// Ends what is under way.
    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
