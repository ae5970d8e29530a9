package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.ServerAddress;
import dev.myrmidon.engine.internal.client.TokenSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The options of all commands that ask a running engine.
final class ServerOptions {
    static final String EXIT_OK = "0:done";
    static final String EXIT_FAILED = "1:the engine refused, or there was no answer";
    static final String EXIT_USAGE = "2:the command line can't be used; nothing was asked";

    private static final String VARIABLE = "MYRMIDON_URL";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = AddressConverter.class,
            description = "Where the engine serves its API. Default: MYRMIDON_URL in the environment, else "
                    + ServerAddress.DEFAULT + ".")
    private @Nullable ServerAddress url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file that has the token. Default: MYRMIDON_TOKEN in the environment is the token; else,"
                    + " on this machine, ~/.myrmidon/token-PORT.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "For https: certificates in PEM to be believed instead of those of the JVM.")
    private @Nullable Path ca;

    @Option(names = "--json", description = "Print what the API answers, as one document of JSON.")
    private boolean json;

    boolean json() {
        return json;
    }

    /// @param address to ask instead of the one of the option; may be null
    ApiClient open(@Nullable ServerAddress address, Duration patience) throws ApiException {
        ServerAddress given = address == null ? url : address;
        return new ApiClient(
                given == null ? usual(System.getenv(VARIABLE)) : given,
                TokenSource.ofProcess(Optional.ofNullable(tokenFile)),
                Optional.ofNullable(ca),
                patience);
    }

    /// Where the server is if the command line doesn't say.
    private ServerAddress usual(@Nullable String variable) {
        try {
            return ServerAddress.parse(variable == null || variable.isBlank() ? ServerAddress.DEFAULT : variable);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Checked.given(spec).commandLine(), "the variable " + VARIABLE + ": " + e.getMessage());
        }
    }

    /// Reads addresses of servers.
    static final class AddressConverter implements ITypeConverter<ServerAddress> {
        @Override
        public ServerAddress convert(String text) {
            try {
                return ServerAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
