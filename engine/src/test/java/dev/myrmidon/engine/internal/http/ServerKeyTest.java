package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerKeyTest {
    private static final String CONVERT =
            ", and must be PKCS#8 that isn't encrypted; convert it by: openssl pkcs8 -topk8 -nodes -in OLD -out NEW";

    @TempDir
    static Path authority;

    static TestKeys keys;

    @TempDir
    Path folder;

    private TlsConfig tls;

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException {
        keys = new TestKeys(authority).signed("one", "EC").signed("other", "EC").signed("rsa", "RSA");
    }

    @BeforeEach
    void writeFiles() throws IOException, GeneralSecurityException {
        tls = keys.files("one");
        write(tls.key(), keys.key("one"));
        write(tls.certificate(), keys.chain("one"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void aRightPairIsRead() throws IOException {
        ServerKey key = ServerKey.read(tls);

        assertThat(key.chain()).hasSize(2);
        assertThat(key.shown()).matches("CN=one, valid until 20\\d\\d-.*Z");
        assertThat(key.warnings(tls, Instant.now())).isEmpty();
    }

    @Test
    void windowsEndsLinesOtherwise() throws IOException, GeneralSecurityException {
        write(tls.key(), keys.key("one").replace("\n", "\r\n"));
        write(tls.certificate(), keys.chain("one").replace("\n", "\r\n"));

        assertThat(ServerKey.read(tls).chain()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void anotherKindOfKeyIsRefusedWithTheWayToConvertIt(String type) throws IOException {
        write(tls.key(), TestKeys.block("EC PARAMETERS", new byte[8]) + TestKeys.block(type, new byte[100]));

        assertRefused("tls.key: " + tls.key() + ": is a " + type + CONVERT);
    }

    @Test
    void anEncryptedKeyIsRefusedToo() throws IOException {
        write(tls.key(), TestKeys.block("ENCRYPTED PRIVATE KEY", new byte[100]));
        assertRefused("tls.key: " + tls.key() + ": is encrypted" + CONVERT);

        write(tls.key(), """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);
        assertRefused("tls.key: " + tls.key() + ": is encrypted" + CONVERT);
    }

    @Test
    void aFileWithoutAKeyIsRefused() throws IOException, GeneralSecurityException {
        String no = "tls.key: " + tls.key() + ": is no PEM file with a whole block -----BEGIN PRIVATE KEY-----";
        for (String text :
                new String[] {"", "x", keys.chain("one"), keys.key("one").substring(0, 100)}) {
            write(tls.key(), text);
            assertRefused(no);
        }
        write(tls.key(), keys.key("one") + keys.key("other"));
        assertRefused("tls.key: " + tls.key() + ": must have one private key, has 2");
        write(tls.key(), keys.key("one").replaceFirst("\nM", "\n!"));
        assertRefused("tls.key: " + tls.key() + ": what stands after -----BEGIN PRIVATE KEY----- is not Base64");
        write(tls.key(), TestKeys.block("PRIVATE KEY", new byte[50]));
        assertRefused("tls.key: " + tls.key() + ": has a private key that is broken, or neither RSA nor EC nor EdDSA");
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws IOException {
        write(tls.certificate(), "x");
        assertRefused("tls.certificate: " + tls.certificate()
                + ": is no PEM file with a whole block -----BEGIN CERTIFICATE-----");
        write(tls.certificate(), TestKeys.block("CERTIFICATE", "x".getBytes(StandardCharsets.US_ASCII)));
        assertRefused("tls.certificate: " + tls.certificate() + ": certificate 1 in it can't be read");
        write(tls.certificate(), "x".repeat(1 << 21));
        assertRefused("tls.certificate: " + tls.certificate()
                + ": is larger than 1 MiB, and no file of certificates or keys");
    }

    @Test
    void theKeyMustBeThatOfTheFirstCertificate() throws IOException, GeneralSecurityException {
        for (String other : new String[] {"other", "rsa"}) {
            write(tls.key(), keys.key(other));
            assertRefused("tls.key: " + tls.key() + ": is not the key of the certificate in " + tls.certificate()
                    + ", which is for CN=one");
        }
        write(tls.key(), keys.key("other"));
        write(tls.certificate(), keys.chain("one") + keys.chain("other"));
        assertRefused("tls.key: " + tls.key() + ": is the key of certificate 3 in " + tls.certificate()
                + ", which must come first there");
    }

    @Test
    void whatIsDoubtfulIsAWarning() throws IOException, GeneralSecurityException {
        Files.setPosixFilePermissions(tls.key(), PosixFilePermissions.fromString("rw-r--r--"));
        write(tls.certificate(), keys.chain("one") + keys.chain("other"));
        ServerKey key = ServerKey.read(tls);

        assertThat(key.warnings(tls, Instant.now().plus(Duration.ofDays(10_000))))
                .hasSize(3)
                .satisfiesExactly(
                        expired -> assertThat(expired)
                                .startsWith("tls.certificate: " + tls.certificate() + ": has expired, on 20"),
                        gap -> assertThat(gap)
                                .isEqualTo(
                                        "tls.certificate: " + tls.certificate()
                                                + ": certificate 3 is not that of the issuer of certificate 2; clients may refuse it"),
                        open -> assertThat(open)
                                .isEqualTo("tls.key: " + tls.key()
                                        + ": all users of this machine can read it; use chmod 600"));
        assertThat(key.warnings(tls, Instant.EPOCH).getFirst()).contains("is not valid before 20");
    }

    @Test
    void withoutTheFilesNothingIsBound() {
        Path none = folder.resolve("none.pem");
        ManagementConfig config = ManagementConfig.DEFAULT.port(0).tls(new TlsConfig(tls.certificate(), none));

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(config, "c.yaml: ", "the-token-of-the-variable", folder))
                .withMessage("c.yaml: management.tls.key: " + none + ": no such file");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.check(config, "c.yaml: "))
                .withMessage("c.yaml: management.tls.key: " + none + ": no such file");
        assertRefused("tls.certificate: " + folder + ": is a directory", new TlsConfig(folder, none));
    }

    private void assertRefused(String why) {
        assertRefused(why, tls);
    }

    private static void assertRefused(String why, TlsConfig config) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ServerKey.read(config))
                .withMessage(why);
    }
}
