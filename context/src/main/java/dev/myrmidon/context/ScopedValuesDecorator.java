package dev.myrmidon.context;

import dev.myrmidon.TaskDecorator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// See [ContextDecorators#scopedValues(ScopedValue...)].
record ScopedValuesDecorator(List<ScopedValue<?>> values) implements TaskDecorator {
    ScopedValuesDecorator {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values must not be empty");
        }
    }

    @Override
    public Runnable decorate(Runnable task) {
        ScopedValue.Carrier bindings = null;
        for (ScopedValue<?> value : values) {
            if (value.isBound()) {
                bindings = with(bindings, value);
            }
        }
        if (bindings == null) {
            return task;
        }
        ScopedValue.Carrier bound = bindings;
        return () -> bound.run(task);
    }

    private static <T> ScopedValue.Carrier with(ScopedValue.@Nullable Carrier bindings, ScopedValue<T> value) {
        return bindings == null ? ScopedValue.where(value, value.get()) : bindings.where(value, value.get());
    }
}
