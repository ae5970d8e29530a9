package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.context.ContextDecorators;

/// Takes along who submitted a task.
///
/// What a thread knows, it alone knows: a task on a worker has neither the scoped values nor the thread
/// locals of whoever submitted it. A decorator captures them there and puts them around the task. There
/// are three ready-made ones, for scoped values, SLF4J's MDC and Micrometer's Context Propagation; your
/// own is one lambda. They are in the module `dev.myrmidon.context`.
final class PropagateContext {
    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

    static void main() throws Exception {
        try (Pool plain = Pool.builder("plain").capacity(10).build();
                Pool pool = Pool.builder("orders")
                        .capacity(10)
                        .decorator(ContextDecorators.scopedValues(TENANT))
                        .build()) {
            ScopedValue.where(TENANT, "acme").call(() -> {
                IO.println("without: " + plain.submit(PropagateContext::ship).get());
                IO.println("with: " + pool.submit(PropagateContext::ship).get());
                return null;
            });
            Task<String> nobodys = pool.submit(PropagateContext::ship);
            IO.println("submitted by nobody: " + nobodys.get());
        }
    }

    private static String ship() {
        return "shipped for " + TENANT.orElse("somebody");
    }
}
