package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The private key of a server, and the certificates that show whose it is.
///
/// @param chain the certificate of the key, and after it those of its issuers
/// @param key RSA, EC or EdDSA
record ServerKey(List<X509Certificate> chain, PrivateKey key) {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    /// Reads both and checks that they belong together.
    ///
    /// @throws IOException if they can't be used; the message says which file and why
    static ServerKey read(TlsConfig tls) throws IOException {
        List<X509Certificate> chain;
        try {
            chain = chain(PemFile.read(tls.certificate()));
        } catch (IOException e) {
            throw new IOException("tls.certificate: " + tls.certificate() + ": " + e.getMessage(), e);
        }
        try {
            PrivateKey key = key(PemFile.read(tls.key()));
            requirePair(key, chain, tls.certificate());
            return new ServerKey(chain, key);
        } catch (IOException e) {
            throw new IOException("tls.key: " + tls.key() + ": " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(PemFile pem) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemFile.Block block : pem.blocks()) {
            if (block.type().equals(CERTIFICATE)) {
                chain.add(certificate(block.decoded(), chain.size() + 1));
            }
        }
        if (chain.isEmpty()) {
            throw new IOException("is no PEM file with a whole block -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(chain);
    }

    private static X509Certificate certificate(byte[] encoded, int number) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new IOException("certificate " + number + " in it can't be read", e);
        }
    }

    private static PrivateKey key(PemFile pem) throws IOException {
        List<PemFile.Block> keys = pem.blocks().stream()
                .filter(block -> block.type().endsWith(PRIVATE_KEY))
                .toList();
        if (keys.isEmpty()) {
            throw new IOException("is no PEM file with a whole block -----BEGIN PRIVATE KEY-----");
        }
        if (keys.size() > 1) {
            throw new IOException("must have one private key, has " + keys.size());
        }
        PemFile.Block block = keys.getFirst();
        if (!block.type().equals(PRIVATE_KEY)) {
            boolean encrypted = (block.type() + block.text()).contains("ENCRYPTED");
            throw new IOException((encrypted ? "is encrypted" : "is a " + block.type())
                    + ", and must be PKCS#8 that isn't encrypted; convert it by:"
                    + " openssl pkcs8 -topk8 -nodes -in OLD -out NEW");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(block.decoded());
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException _) {
                // of another one, perhaps
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        throw new IOException("has a private key that is broken, or neither RSA nor EC nor EdDSA");
    }

    private static void requirePair(PrivateKey key, List<X509Certificate> chain, Path certificates) throws IOException {
        for (int i = 0; i < chain.size(); i++) {
            if (isPair(key, chain.get(i))) {
                if (i == 0) {
                    return;
                }
                throw new IOException("is the key of certificate " + (i + 1) + " in " + certificates
                        + ", which must come first there");
            }
        }
        throw new IOException("is not the key of the certificate in " + certificates + ", which is for "
                + chain.getFirst().getSubjectX500Principal());
    }

    private static boolean isPair(PrivateKey key, X509Certificate certificate) {
        byte[] text = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> "EdDSA";
                    });
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false; // of another algorithm, or another curve
        }
    }

    /// What is doubtful, and keeps nobody from using it.
    List<String> warnings(TlsConfig tls, Instant now) {
        List<String> warnings = new ArrayList<>();
        String certificates = "tls.certificate: " + tls.certificate() + ": ";
        X509Certificate own = chain.getFirst();
        if (own.getNotAfter().toInstant().isBefore(now)) {
            warnings.add(certificates + "has expired, on " + own.getNotAfter().toInstant());
        }
        if (own.getNotBefore().toInstant().isAfter(now)) {
            warnings.add(
                    certificates + "is not valid before " + own.getNotBefore().toInstant());
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                warnings.add(certificates + "certificate " + (i + 1) + " is not that of the issuer of certificate " + i
                        + "; clients may refuse it");
            }
        }
        if (isReadableByAll(tls.key())) {
            warnings.add("tls.key: " + tls.key() + ": all users of this machine can read it; use chmod 600");
        }
        return warnings;
    }

    private static boolean isReadableByAll(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException _) {
            return false; // nobody knows
        }
    }

    /// Whose it is and until when, in words.
    String shown() {
        X509Certificate own = chain.getFirst();
        return own.getSubjectX500Principal() + ", valid until "
                + own.getNotAfter().toInstant();
    }
}
