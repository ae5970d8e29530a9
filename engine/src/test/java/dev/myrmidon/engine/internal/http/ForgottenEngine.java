package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import java.nio.file.Path;

/// What [BindTest] runs in a JVM of its own: an application that doesn't close its engine.
final class ForgottenEngine {
    private ForgottenEngine() {}

    /// Makes one and returns.
    ///
    /// @param args the file of the token
    public static void main(String[] args) {
        Engine engine = Engine.create(EngineConfig.defaults()
                .management(ManagementConfig.DEFAULT.port(0).tokenFile(Path.of(args[0]))));
        System.out.println("serves at " + engine.management().orElseThrow());
    }
}
