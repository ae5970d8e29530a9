package dev.myrmidon.engine.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of [textual encodings](https://www.rfc-editor.org/rfc/rfc7468), as certificate authorities give them.
///
/// @param blocks in the order of the file; what stands between them is explanatory text
record PemFile(List<Block> blocks) {
    /// Chains have a few KB.
    private static final int MOST_BYTES = 1 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /// @param type what its lines begin and end with, such as `CERTIFICATE`
    /// @param text what stands between them
    record Block(String type, String text) {
        /// @throws IOException if it isn't Base64; the message says so
        byte[] decoded() throws IOException {
            try {
                return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new IOException("what stands after -----BEGIN " + type + "----- is not Base64", e);
            }
        }
    }

    /// @throws IOException if it can't be read; the message says why
    static PemFile read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("permission to read it is denied", e);
        } catch (IOException e) {
            throw new IOException(Files.isDirectory(file) ? "is a directory" : "can't be read", e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IOException("is larger than 1 MiB, and no file of certificates or keys");
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return new PemFile(blocks);
    }
}
