package dev.myrmidon.stress;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/// Runs the jcstress tests, and fails unless each of them ran and saw nothing forbidden.
///
/// jcstress itself takes it for a success when a test could not be scheduled or was never listed, so this
/// compares what has results with the classes that carry the annotation.
public final class Races {
    private Races() {}

    /// Takes the options of jcstress; with `-t` it runs only some tests, and asks only for those.
    public static void main(String... args) throws Exception {
        Path results = Files.createTempDirectory("races");
        List<String> all = new ArrayList<>(List.of(args));
        if (!all.contains("-r")) {
            all.addAll(List.of("-r", results.toString()));
        }
        Options options = new Options(all.toArray(String[]::new));
        if (!options.parse()) {
            System.exit(2);
        }
        JCStress jcstress = new JCStress(options);
        SortedSet<String> expected = annotated();
        if (Arrays.asList(args).contains("-t")) {
            expected.retainAll(jcstress.getTests());
        }
        AssertionError verdict = null;
        try {
            jcstress.run();
        } catch (AssertionError forbidden) {
            verdict = forbidden;
        }
        List<String> faults = faults(expected, options.getResultFile());
        faults.forEach(fault -> System.out.println("FAULT " + fault));
        System.out.println(expected.size() + " races, " + faults.size() + " faults");
        System.exit(faults.isEmpty() && verdict == null && !expected.isEmpty() ? 0 : 1);
    }

    private static List<String> faults(SortedSet<String> expected, String resultFile) throws Exception {
        TreeMap<String, Long> samples = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        DiskReadCollector reader = new DiskReadCollector(resultFile, result -> {
            samples.merge(result.getName(), result.getTotalCount(), Long::sum);
            fault(result, faults);
        });
        reader.dump();
        reader.close();
        for (String test : expected) {
            if (samples.getOrDefault(test, 0L) == 0) {
                faults.add(test + " did not run");
            }
        }
        samples.forEach((test, count) -> System.out.printf("%,12d samples %s%n", count, test));
        return faults;
    }

    private static void fault(TestResult result, List<String> faults) {
        if (result.status() != Status.NORMAL) {
            faults.add(result.getName() + " ended with " + result.status() + " "
                    + result.getMessages().stream().limit(3).toList() + result.getVmErr());
        } else if (!result.grading().isPassed) {
            faults.add(result.getName() + " saw " + result.grading().failureMessages);
        }
    }

    /// The classes of this module that carry the annotation, as they stand in its folder or jar.
    private static SortedSet<String> annotated() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(
                Races.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(root)) {
            throw new IllegalStateException("run it from the folder of classes, not from " + root);
        }
        SortedSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
                String path = root.relativize(file).toString();
                String name =
                        path.substring(0, path.length() - ".class".length()).replace('/', '.');
                Class<?> type = Class.forName(name, false, Races.class.getClassLoader());
                if (type.isAnnotationPresent(JCStressTest.class)) {
                    names.add(type.getCanonicalName());
                }
            }
        }
        return names;
    }
}
