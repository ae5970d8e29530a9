package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;

/// How a data structure is compared with its model by Lincheck: under its model checker, which decides where
/// threads are switched, and on real threads. `-Dlincheck.invocations=10000` makes it thorough.
final class Models {
    private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 200);
    private static final int ITERATIONS = 10;

    private Models() {}

    static void check(Class<?> structure, Class<?> model) {
        LinChecker.check(structure, modelChecking(model).iterations(ITERATIONS));
    }

    static void stress(Class<?> structure, Class<?> model) {
        LinChecker.check(
                structure,
                new StressOptions()
                        .iterations(ITERATIONS)
                        .invocationsPerIteration(INVOCATIONS * 10)
                        .threads(2)
                        .actorsPerThread(3)
                        .sequentialSpecification(model));
    }

    /// Checks one scenario: what each of two threads does, and what comes after both.
    static void check(Class<?> structure, Class<?> model, List<Actor> one, List<Actor> other, List<Actor> afterwards) {
        LinChecker.check(
                structure,
                modelChecking(model)
                        .iterations(0)
                        .minimizeFailedScenario(false)
                        .addCustomScenario(new ExecutionScenario(List.of(), List.of(one, other), afterwards, null)));
    }

    static Actor call(Class<?> structure, String operation, Object... arguments) {
        Method method = Arrays.stream(structure.getMethods())
                .filter(m -> m.getName().equals(operation))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments), false, false, false, false, false);
    }

    private static ModelCheckingOptions modelChecking(Class<?> model) {
        // else Lincheck leaves what it did not see being made as it is, and switches threads nowhere
        assertThat(Boolean.getBoolean("lincheck.instrumentAllClasses"))
                .as("lincheck.instrumentAllClasses")
                .isTrue();
        return new ModelCheckingOptions()
                .invocationsPerIteration(INVOCATIONS)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(model);
    }
}
