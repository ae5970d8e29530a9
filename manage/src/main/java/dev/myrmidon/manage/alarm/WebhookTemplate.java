package dev.myrmidon.manage.alarm;

import dev.myrmidon.PoolStats;
import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import java.util.Locale;

/// The shape of what a webhook is sent: a JSON object in UTF-8.
public enum WebhookTemplate {
    /// All of the event: `kind` (`raised`, `reminder` or `resolved`), `alarm`, `pool` (not there if it is about the
    /// JVM), `value`, `threshold`, `resolve`, `unit`, `since`, `at`, `untold`, `gone`, `message`, `sample` with the
    /// numbers, and `tasks`, each with `name`, `thread`, `elapsed_seconds` and `stack`.
    JSON(Integer.MAX_VALUE) {
        @Override
        String payload(AlarmEvent event) {
            return Json.object(json -> {
                json.member("kind", event.kindInWords()).member("alarm", event.alarm());
                event.pool().ifPresent(pool -> json.member("pool", pool));
                json.member("value", event.value())
                        .member("threshold", event.levels().threshold())
                        .member("resolve", event.levels().resolve())
                        .member("unit", event.unit().name().toLowerCase(Locale.ROOT))
                        .member("since", event.since().toString())
                        .member("at", event.sample().at().toString())
                        .member("untold", event.untold())
                        .member("gone", event.gone())
                        .member("message", event.message())
                        .member("sample", numbers -> numbers(numbers, event))
                        .array(
                                "tasks",
                                event.tasks().stream()
                                        .map(WebhookTemplate::task)
                                        .toList());
            });
        }
    },

    /// A text for an incoming webhook of Slack, with its markup escaped. At most 4,000 characters, beyond which
    /// Slack splits messages.
    SLACK(4_000) {
        @Override
        String payload(AlarmEvent event) {
            String text = text(event).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            return Json.object(json -> json.member("text", text));
        }

        @Override
        int cost(int character) {
            return switch (character) {
                case '&' -> 5;
                case '<', '>' -> 4;
                default -> Character.charCount(character);
            };
        }
    },

    /// A text message for a custom robot of DingTalk: at most 3,000 bytes of text, so that the message stays far
    /// below the 20,000 bytes that DingTalk takes.
    DINGTALK(3_000) {
        @Override
        String payload(AlarmEvent event) {
            return content(text(event));
        }
    },

    /// A text message for a group robot of WeCom: at most 2,048 bytes of text, which is what WeCom takes.
    WECOM(2_048) {
        @Override
        String payload(AlarmEvent event) {
            return content(text(event));
        }
    };

    private static final String CUT = "…";

    private final int limit;

    /// @param limit the most that a text may cost
    WebhookTemplate(int limit) {
        this.limit = limit;
    }

    /// The body of the request.
    abstract String payload(AlarmEvent event);

    /// What a character costs: the bytes that it takes in UTF-8.
    int cost(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    /// What a person reads, not longer than the service takes.
    String text(AlarmEvent event) {
        String details = event.details();
        return cut(details.isEmpty() ? event.message() : event.message() + "\n" + details.stripTrailing());
    }

    /// Never in the middle of a character.
    private String cut(String text) {
        int most = limit - cost(CUT.codePointAt(0));
        int spent = 0;
        int fits = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            spent += cost(text.codePointAt(i));
            if (spent <= most) {
                fits = i + Character.charCount(text.codePointAt(i));
            }
            if (spent > limit) {
                return text.substring(0, fits) + CUT;
            }
        }
        return text;
    }

    /// DingTalk and WeCom take the same.
    private static String content(String text) {
        return Json.object(json -> json.member("msgtype", "text").member("text", t -> t.member("content", text)));
    }

    private static String task(LateTask task) {
        return Json.object(json -> json.member("name", task.name())
                .member("thread", task.thread())
                .member("elapsed_seconds", AlarmUnit.seconds(task.elapsed()))
                .array(
                        "stack",
                        task.stack().stream()
                                .map(call -> Json.quoted(call.toString()))
                                .toList()));
    }

    private static void numbers(Json json, AlarmEvent event) {
        json.member("interval_seconds", AlarmUnit.seconds(event.sample().interval()));
        switch (event.sample()) {
            case PoolSample pool -> numbers(json, pool);
            case JvmSample jvm -> numbers(json, jvm);
        }
    }

    private static void numbers(Json json, PoolSample pool) {
        PoolStats stats = pool.stats();
        json.member("capacity", stats.capacity())
                .member("running", stats.running())
                .member("queue_capacity", stats.queueCapacity())
                .member("queued", stats.queued())
                .member("waiting", stats.waiting())
                .member("workers", stats.workers())
                .member("overdue", stats.overdue())
                .member("submitted", pool.submitted())
                .member("rejected", pool.rejected())
                .member("ended", pool.ended())
                .member("failed", pool.failed())
                .member("timed_out", pool.timedOut());
    }

    private static void numbers(Json json, JvmSample jvm) {
        json.member("heap_used", jvm.heapUsed())
                .member("heap_after_gc", jvm.heapAfterGc())
                .member("heap_live", jvm.heapLive())
                .member("heap_max", jvm.heapMax())
                .member("platform_threads", jvm.platformThreads())
                .member("carriers", jvm.carriers().parallelism())
                .member("mounted", jvm.carriers().mounted())
                .member("ready", jvm.carriers().queued())
                .member("carrier_wait_seconds", AlarmUnit.seconds(jvm.carriers().delay()))
                .member("pinned", jvm.pinned())
                .member("longest_pinned_seconds", AlarmUnit.seconds(jvm.longestPinned()))
                .member("collections", jvm.collections())
                .member("gc_seconds", AlarmUnit.seconds(jvm.gcTime()));
    }
}
