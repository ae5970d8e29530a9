package dev.myrmidon.engine;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManagementConfigTest {
    @Test
    void refusesWhatIsNoPortOrHost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagementConfig.DEFAULT.port(65_536))
                .withMessage("port must be 0 to 65535, was 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ManagementConfig("a b", 1, Optional.empty()))
                .withMessage("host must be an address or a name of this machine, was \"a b\"");
    }
}
