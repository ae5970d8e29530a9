package dev.myrmidon.engine.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whom to believe when TLS is spoken.
final class Trust {
    private Trust() {}

    /// Those whose certificates are in a file, and nobody else.
    ///
    /// @param file certificates in PEM
    /// @throws ApiException if it can't be used; says why
    static SSLContext only(Path file) throws ApiException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CertificateException("it is empty");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new ApiException(
                    ApiException.NO_ANSWER,
                    file + ": can't be read" + (Files.exists(file) ? "" : ", there is no such file"));
        } catch (GeneralSecurityException e) {
            throw new ApiException(ApiException.NO_ANSWER, file + ": has no certificates in PEM");
        }
    }
}
