package dev.myrmidon.context;

import dev.myrmidon.TaskDecorator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// See [ContextDecorators#mdc()]. A class of its own, so that SLF4J is looked for only by those who use
/// it.
final class MdcDecorator implements TaskDecorator {
    MdcDecorator() {
        var _ = MDC.getMDCAdapter(); // if there is no SLF4J this fails, and not the first submission
    }

    @Override
    public Runnable decorate(Runnable task) {
        Map<String, String> submitters = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            replace(submitters);
            try {
                task.run();
            } finally {
                replace(before);
            }
        };
    }

    /// Providers differ in whether an empty MDC is null, and in whether they take one.
    private static void replace(@Nullable Map<String, String> map) {
        if (map == null || map.isEmpty()) {
            MDC.clear();
        } else {
            MDC.setContextMap(map);
        }
    }
}
