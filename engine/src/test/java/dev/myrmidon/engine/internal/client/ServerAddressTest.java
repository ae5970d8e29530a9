package dev.myrmidon.engine.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, http://127.0.0.1:8080, 8080, true",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080, 8080, true",
        "localhost:9, http://localhost:9, 9, true",
        "pools.example, http://pools.example, 80, false",
        "HTTPS://pools.example, https://pools.example, 443, false",
        "https://pools.example:8443/myrmidon/, https://pools.example:8443/myrmidon, 8443, false",
        "http://[::1]:8080, http://[::1]:8080, 8080, true",
        "http://10.0.0.7:80, http://10.0.0.7:80, 80, false",
    })
    void urlsAreRead(String text, String url, int port, boolean loopback) {
        ServerAddress address = ServerAddress.parse(text);

        assertThat(address).hasToString(url);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.isLoopback()).isEqualTo(loopback);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ftp://a",
                "http://",
                "http:///x",
                "http://a b",
                "http://a:99999",
                "http://a:0",
                "http://a:x",
                "http://user:pw@a",
                "http://a/?q",
                "http://a/#f",
                "a_b:1"
            })
    void otherTextsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(text))
                .withMessageStartingWith("\"" + text + "\" ")
                .withMessageContaining("such as http://127.0.0.1:8080");
    }
}
