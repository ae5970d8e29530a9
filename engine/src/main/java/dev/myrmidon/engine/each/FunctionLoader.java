package dev.myrmidon.engine.each;

import dev.myrmidon.engine.ItemFunction;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Makes an [ItemFunction] out of the name of its class and where to find it.
final class FunctionLoader {
    private FunctionLoader() {}

    /// The class loader stays open: the function may load classes for as long as it runs, which is until the JVM
    /// ends.
    ///
    /// @throws UsageException if it can't be made; says which rule was broken
    static ItemFunction load(String className, String classpath) throws UsageException {
        ClassLoader loader = new URLClassLoader(urls(classpath), ItemFunction.class.getClassLoader());
        Class<?> type;
        try {
            type = Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new UsageException(
                    "--function " + className + ": there is no such class in --classpath " + classpath);
        } catch (LinkageError e) {
            throw new UsageException("--function " + className + ": can't be loaded: " + Failures.text(e));
        }
        if (!ItemFunction.class.isAssignableFrom(type)) {
            throw new UsageException("--function " + className + ": must implement " + ItemFunction.class.getName());
        }
        return instance(className, type.asSubclass(ItemFunction.class));
    }

    private static ItemFunction instance(String className, Class<? extends ItemFunction> type) throws UsageException {
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            throw new UsageException("--function " + className + ": must be a public class, and not abstract");
        }
        try {
            Constructor<? extends ItemFunction> constructor = type.getConstructor();
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new UsageException("--function " + className + ": must have a public constructor without parameters");
        } catch (InvocationTargetException e) {
            throw new UsageException("--function " + className + ": its constructor threw "
                    + Failures.text(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new UsageException("--function " + className + ": can't be made: " + Failures.text(e));
        }
    }

    private static URL[] urls(String classpath) throws UsageException {
        List<URL> urls = new ArrayList<>();
        for (String entry : classpath.split(Pattern.quote(File.pathSeparator), -1)) {
            if (!entry.isEmpty()) {
                urls.add(url(entry));
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static URL url(String entry) throws UsageException {
        try {
            Path path = Path.of(entry);
            if (!Files.isReadable(path)) {
                throw new UsageException("--classpath " + entry + ": no such file or directory");
            }
            return path.toUri().toURL();
        } catch (InvalidPathException | MalformedURLException e) {
            throw new UsageException("--classpath " + entry + ": " + e.getMessage());
        }
    }
}
