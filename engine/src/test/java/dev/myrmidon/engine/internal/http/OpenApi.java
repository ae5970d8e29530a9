package dev.myrmidon.engine.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What `openapi.yaml` says.
final class OpenApi {
    /// By methods and paths, the statuses.
    static final Map<String, Set<String>> OPERATIONS = read();

    private OpenApi() {}

    @SuppressWarnings("unchecked")
    private static Map<String, Set<String>> read() {
        Map<String, Set<String>> operations = new TreeMap<>();
        try {
            Map<String, Object> document = Served.parsed(new String(Api.openApi(), StandardCharsets.UTF_8));
            ((Map<String, Map<String, Object>>) document.get("paths"))
                    .forEach((path, methods) -> methods.forEach((method, operation) -> {
                        if (Set.of("get", "patch", "post", "put", "delete").contains(method)) {
                            operations.put(
                                    method.toUpperCase(Locale.ROOT) + " " + path,
                                    new TreeSet<>(((Map<String, Map<String, Object>>) operation)
                                            .get("responses")
                                            .keySet()));
                        }
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return operations;
    }

    /// True if the operation may answer so. What isn't documented at all must be answered by 404 or 405,
    /// or 400, 401 and 403 where nobody has looked at the path yet.
    static boolean documents(String method, String path, int status) {
        String asked = method.equals("HEAD") ? "GET" : method;
        for (Map.Entry<String, Set<String>> operation : OPERATIONS.entrySet()) {
            String[] parts = operation.getKey().split(" ", 2);
            if (parts[0].equals(asked)
                    && new Route(asked, parts[1], _ -> {}).match(path).isPresent()) {
                return operation.getValue().contains(Integer.toString(status));
            }
        }
        return Set.of(400, 401, 403, 404, 405).contains(status);
    }
}
