package dev.myrmidon.engine.internal.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Gives connections the key of the server, and new ones the next key once there is one. Thread-safe.
final class RenewableKeyManager extends X509ExtendedKeyManager {
    private static final char[] NO_PASSWORD = {};

    private record Generation(int number, ServerKey key, X509ExtendedKeyManager manager) {}

    /// The newest first; and the one before, for handshakes that are under way.
    private volatile List<Generation> generations;

    RenewableKeyManager(ServerKey key) {
        this.generations = List.of(generation(0, key));
    }

    private static Generation generation(int number, ServerKey key) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "key-" + number, key.key(), NO_PASSWORD, key.chain().toArray(X509Certificate[]::new));
            // This one leaves the names of keys as they are.
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, NO_PASSWORD);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager own) {
                    return new Generation(number, key, own);
                }
            }
            throw new IllegalStateException("the JDK has no manager for X.509 keys");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK can't keep a key in memory", e);
        }
    }

    /// A context for connections with this key.
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /// Gives this key to connections that begin from now on.
    ///
    /// @return false if it is the one that they get already
    boolean renew(ServerKey key) {
        synchronized (this) {
            Generation current = generations.getFirst();
            if (current.key().equals(key)) {
                return false;
            }
            generations = List.of(generation(current.number() + 1, key), current);
            return true;
        }
    }

    private X509ExtendedKeyManager current() {
        return generations.getFirst().manager();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return current().getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return current().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return current().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return generations.stream()
                .map(generation -> generation.manager().getCertificateChain(alias))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return generations.stream()
                .map(generation -> generation.manager().getPrivateKey(alias))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// A server is no client.
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
