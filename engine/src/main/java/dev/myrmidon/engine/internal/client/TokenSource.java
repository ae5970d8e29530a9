package dev.myrmidon.engine.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the token of a server: in the file that was given, else in the environment, else, for a server
/// on this machine, where an engine of the same user puts the one that it makes. Looks again each time,
/// since an engine that is started again has another one.
///
/// @param file given by the user, if any
/// @param variable the value of the environment variable `MYRMIDON_TOKEN`, if it is set
/// @param folder where engines put the tokens that they make
public record TokenSource(Optional<Path> file, @Nullable String variable, Path folder) {
    private static final String VARIABLE = "MYRMIDON_TOKEN";
    private static final int MOST_BYTES = 4_096;

    /// A token, and where it is from in words.
    record Found(String token, String origin) {}

    /// The one of this process.
    ///
    /// @param file given by the user, if any
    public static TokenSource ofProcess(Optional<Path> file) {
        return new TokenSource(file, System.getenv(VARIABLE), Path.of(System.getProperty("user.home"), ".myrmidon"));
    }

    /// @throws ApiException if there is one that can't be used
    Optional<Found> find(ServerAddress server) throws ApiException {
        if (file.isPresent()) {
            return Optional.of(checked(read(file.get()), "in " + file.get()));
        }
        if (variable != null && !variable.isBlank()) {
            return Optional.of(checked(variable.strip(), "of " + VARIABLE));
        }
        Path made = made(server);
        return server.isLoopback() && Files.isRegularFile(made)
                ? Optional.of(checked(read(made), "in " + made))
                : Optional.empty();
    }

    private Path made(ServerAddress server) {
        return folder.resolve("token-" + server.port());
    }

    /// What to do if there is none.
    String advice(ServerAddress server) {
        return "put it into " + VARIABLE + " or give --token-file FILE"
                + (server.isLoopback()
                        ? "; an engine that was started by you without one keeps it in " + made(server)
                        : "");
    }

    private static String read(Path file) throws ApiException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new ApiException(
                    ApiException.NO_ANSWER,
                    file + ": the token can't be read" + (Files.exists(file) ? "" : ", there is no such file"));
        }
    }

    private static Found checked(String token, String origin) throws ApiException {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new ApiException(
                    ApiException.NO_ANSWER, "the token " + origin + " is none: it must be ASCII without spaces");
        }
        return new Found(token, origin);
    }
}
