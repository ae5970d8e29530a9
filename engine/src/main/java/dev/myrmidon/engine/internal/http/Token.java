package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.ManagementConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What writes must carry, and where it comes from.
///
/// @param text the token
/// @param origin where it is, in words
/// @param made the file that it was written to, if it was made here
record Token(String text, String origin, Optional<Path> made) {
    /// The environment variable that may have it.
    static final String VARIABLE = "MYRMIDON_TOKEN";

    private static final int MOST_BYTES = 4_096;
    private static final int BITS = 256;

    /// The one that was set; empty if none was.
    ///
    /// @param variable the value of the environment variable
    /// @throws IOException if it can't be read or is none; the message says why
    static Optional<Token> set(ManagementConfig config, @Nullable String variable) throws IOException {
        if (config.tokenFile().isPresent()) {
            Path file = config.tokenFile().get();
            return Optional.of(new Token(checked(read(file), file.toString()), "in " + file, Optional.empty()));
        }
        if (variable != null) {
            return Optional.of(new Token(checked(variable.strip(), VARIABLE), "of " + VARIABLE, Optional.empty()));
        }
        return Optional.empty();
    }

    private static String read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + ": no such file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IOException(file + ": can't be read", e);
        }
    }

    private static String checked(String token, String origin) throws IOException {
        if (token.length() < ManagementConfig.MIN_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IOException(origin + ": a token must be at least " + ManagementConfig.MIN_TOKEN
                    + " characters of ASCII without spaces");
        }
        return token;
    }

    /// A new one, in a file that its owner alone can read. It takes the place of the one before of the
    /// same port.
    ///
    /// @param folder where the file belongs; made if need be
    /// @throws IOException if it can't be written; the message says why
    static Token make(Path folder, int port) throws IOException {
        byte[] random = new byte[BITS / 8];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, forOwner(posix, "rwx------"));
            }
            Path file = folder.resolve("token-" + port);
            // A new file, moved: nobody who holds the old one open reads this one.
            Path fresh = Files.createTempFile(folder, "token-", ".new", forOwner(posix, "rw-------"));
            try {
                Files.writeString(fresh, text + "\n", StandardOpenOption.WRITE);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return new Token(text, "in " + file, Optional.of(file));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + ": is not a folder for the new token; give a token_file", e);
        } catch (IOException e) {
            throw new IOException(folder + ": the new token can't be written there; give a token_file", e);
        }
    }

    private static FileAttribute<?>[] forOwner(boolean posix, String permissions) {
        if (!posix) {
            return new FileAttribute<?>[0]; // the home of a user is the user's
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    /// Removes the file that was made for it, unless somebody else has put another token there.
    void forget() {
        made.ifPresent(file -> {
            try {
                if (Files.readString(file).strip().equals(text)) {
                    Files.delete(file);
                }
            } catch (IOException _) {
                // It is gone, or stays: it opens nothing any more.
            }
        });
    }
}
