package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority of the tests, and what it has signed. Made by keytool, which is part of every JDK.
final class TestKeys {
    private static final String PASSWORD = "changeit";
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final Path folder;
    private final Path store;

    TestKeys(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
        generate("ca", "EC", "-ext", "bc:c");
    }

    /// Makes a key and a certificate for 127.0.0.1.
    TestKeys signed(String alias, String algorithm, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-signer", "ca", "-ext", "san=ip:127.0.0.1"));
        all.addAll(List.of(options));
        generate(alias, algorithm, all.toArray(String[]::new));
        return this;
    }

    private void generate(String alias, String algorithm, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + alias,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(said).isZero();
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /// The files of one, named like it.
    TlsConfig files(String alias) throws IOException, GeneralSecurityException {
        return files(alias, alias);
    }

    /// The files of one, under the names of another one.
    TlsConfig files(String alias, String name) throws IOException, GeneralSecurityException {
        Path key = Files.writeString(folder.resolve(name + ".key"), key(alias));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new TlsConfig(Files.writeString(folder.resolve(name + ".pem"), chain(alias)), key);
    }

    String key(String alias) throws IOException, GeneralSecurityException {
        PrivateKey key = (PrivateKey) open().getKey(alias, PASSWORD.toCharArray());
        return block("PRIVATE KEY", key.getEncoded());
    }

    /// As keytool has it: its own certificate first, and that of the authority after it.
    String chain(String alias) throws IOException, GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : open().getCertificateChain(alias)) {
            chain.append("subject: text before a block is allowed\n")
                    .append(block("CERTIFICATE", certificate.getEncoded()));
        }
        return chain.toString();
    }

    static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + BASE64.encodeToString(content) + "\n-----END " + type + "-----\n";
    }

    /// Trusts the authority.
    SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", open().getCertificate("ca"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    HttpClient client() throws IOException, GeneralSecurityException {
        return HttpClient.newBuilder().sslContext(trusting()).build();
    }
}
