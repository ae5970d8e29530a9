package dev.myrmidon.engine.each;

import java.io.File;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds programs as `execvp` does, to say what is missing once and early.
final class ProgramPath {
    /// What POSIX systems search when there is no `PATH`.
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private ProgramPath() {}

    /// Why this program can't be started, or null if it can.
    static @Nullable String problem(String program, @Nullable String path) {
        if (program.isEmpty()) {
            return "the command is empty";
        }
        if (program.contains("/")) {
            return problem(program, new File(program));
        }
        String denied = null;
        for (String folder : (path == null ? DEFAULT_PATH : path).split(Pattern.quote(File.pathSeparator), -1)) {
            File file = new File(folder.isEmpty() ? "." : folder, program);
            if (file.isFile()) {
                String problem = problem(program, file);
                if (problem == null) {
                    return null;
                }
                denied = problem;
            }
        }
        return denied != null ? denied : program + ": command not found";
    }

    /// True if this program can be started from `PATH`.
    static boolean has(String program) {
        return problem(program, System.getenv("PATH")) == null;
    }

    private static @Nullable String problem(String program, File file) {
        if (!file.exists()) {
            return program + ": no such file";
        }
        if (file.isDirectory()) {
            return program + ": is a directory";
        }
        return file.canExecute() ? null : program + ": permission denied";
    }
}
