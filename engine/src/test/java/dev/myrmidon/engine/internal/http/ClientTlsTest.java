package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.ServerAddress;
import dev.myrmidon.engine.internal.client.TokenSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client of the commands and an engine that speaks TLS.
@Timeout(60)
class ClientTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void onlyWhoIsBelievedIsAsked() throws IOException, InterruptedException, GeneralSecurityException, ApiException {
        TestKeys keys = new TestKeys(folder).signed("EC", "EC");
        Path token = Served.tokenFile(folder);
        // The last certificate of the chain is that of the authority.
        String chain = keys.chain("EC");
        Path ca = Files.writeString(folder.resolve("ca.pem"), chain.substring(chain.lastIndexOf("-----BEGIN")));
        ManagementConfig management =
                ManagementConfig.DEFAULT.port(0).tokenFile(token).tls(keys.files("EC"));
        TokenSource tokens = new TokenSource(Optional.of(token), null, folder);
        try (DefaultEngine engine = new DefaultEngine(EngineConfig.defaults().management(management))) {
            ServerAddress address =
                    ServerAddress.parse(engine.management().orElseThrow().toString());
            try (ApiClient client = new ApiClient(address, tokens, Optional.of(ca), PATIENCE)) {
                assertThat(client.get("/api/pools").json().get("pools").items()).hasSize(1);
                var _ = client.write("PATCH", "/api/pools/default", "{\"capacity\": 7}");
            }
            assertThat(engine.pool("default").config().capacity()).isEqualTo(7);
            try (ApiClient stranger = new ApiClient(address, tokens, Optional.empty(), PATIENCE)) {
                assertThatExceptionOfType(ApiException.class)
                        .isThrownBy(() -> stranger.get("/api/pools"))
                        .withMessageStartingWith("no TLS with " + address + ": ")
                        .withMessageContaining("--ca FILE");
            }
        }
    }
}
