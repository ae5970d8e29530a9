package dev.myrmidon.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskDecorator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/// Where neither SLF4J nor Micrometer is there.
class OptionalDependenciesTest {
    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void onlyWhatNeedsALibraryLooksForIt() throws Throwable {
        URL[] both = {location(ContextDecorators.class), location(Pool.class)};
        try (URLClassLoader bare = new URLClassLoader(both, null)) {
            Class<?> decorators = bare.loadClass(ContextDecorators.class.getName());
            Class<?> decorator = bare.loadClass(TaskDecorator.class.getName());

            MethodHandle scopedValues = find(decorators, "scopedValues", decorator, ScopedValue[].class);
            assertThat(scopedValues.invoke(new ScopedValue<?>[] {ScopedValue.newInstance()}))
                    .isNotNull();

            MethodHandle micrometer = find(decorators, "micrometer", decorator);
            assertThatThrownBy(() -> micrometer.invoke())
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessageContaining("ContextSnapshotFactory");

            MethodHandle mdc = find(decorators, "mdc", decorator);
            assertThatThrownBy(() -> mdc.invoke())
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessageContaining("slf4j");
        }
    }

    private static MethodHandle find(Class<?> owner, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return MethodHandles.publicLookup().findStatic(owner, name, MethodType.methodType(result, parameters));
    }
}
