package dev.myrmidon.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Ways to a class's own fields, for constants of it.
final class FieldHandles {
    private FieldHandles() {}

    /// @param lookup of the class that has the field
    static VarHandle of(MethodHandles.Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
