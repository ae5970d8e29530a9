package dev.myrmidon.engine.internal.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A path and a method, and what answers them.
///
/// @param method in capitals
/// @param path of which a part in braces stands for any text without a slash
/// @param handler what answers
record Route(String method, String path, Handler handler) {

    /// Answers a request.
    @FunctionalInterface
    interface Handler {
        /// Called in a thread of the request's own.
        ///
        /// @throws Problem if the answer is a problem
        /// @throws IOException if the client is gone
        void handle(Call call) throws Problem, IOException;
    }

    /// True if it changes something, and so needs the token.
    boolean isWrite() {
        return !method.equals("GET");
    }

    /// True if this is a method for this route. Who may get something may ask for its head.
    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /// What stands for the variables if this is the route of a path; empty if it isn't.
    Optional<Map<String, String>> match(String rawPath) {
        List<String> mine = List.of(path.split("/", -1));
        List<String> asked = List.of(rawPath.split("/", -1));
        if (mine.size() != asked.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < mine.size(); i++) {
            String part = mine.get(i);
            if (part.startsWith("{")) {
                variables.put(
                        part.substring(1, part.length() - 1),
                        Call.decoded(asked.get(i).replace("+", "%2B")));
            } else if (!part.equals(asked.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
