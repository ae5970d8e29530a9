package dev.myrmidon.engine.internal.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Brings each request to what answers it, if it may be asked; everything else is a problem.
final class Router implements HttpHandler {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.engine.http");

    private final Gatekeeper gatekeeper;
    private final List<Route> routes;
    private final Refusals refusals;

    /// @param refusals told of writes that were refused
    Router(Gatekeeper gatekeeper, List<Route> routes, Refusals refusals) {
        this.gatekeeper = gatekeeper;
        this.routes = List.copyOf(routes);
        this.refusals = refusals;
    }

    List<Route> routes() {
        return routes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = new Call(exchange);
            try {
                answer(call);
            } catch (Problem problem) {
                call.answer(problem);
            } catch (RuntimeException | Error failure) {
                LOG.log(System.Logger.Level.ERROR, "no answer to " + call.line(), failure);
                if (call.isAnswered()) {
                    throw new IOException("the answer ended half way", failure); // the connection ends with it
                }
                call.answer(new Problem(500, "the request failed; the log of this process has more"));
            }
        }
    }

    private void answer(Call call) throws Problem, IOException {
        gatekeeper.checkHost(call);
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(call.rawPath());
            if (variables.isPresent()) {
                if (route.takes(call.method())) {
                    call.path(variables.get());
                    answer(call, route);
                    return;
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new Problem(404, "there is nothing at this path; /api/openapi.yaml tells what there is");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        call.set("Allow", String.join(", ", allowed));
        throw new Problem(405, "the methods for this path are " + String.join(", ", allowed));
    }

    private void answer(Call call, Route route) throws Problem, IOException {
        if (!route.isWrite()) {
            route.handler().handle(call);
            return;
        }
        try {
            gatekeeper.checkWrite(call);
        } catch (Problem problem) {
            refusals.stranger(call.client(), call.line(), problem);
            throw problem;
        }
        try {
            route.handler().handle(call);
        } catch (Problem problem) {
            refusals.known(call.client(), call.line(), problem);
            throw problem;
        }
    }
}
