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

    /// What stands under it is for those who have the token, where others can reach the server.
    private static final String API = "/api/";

    private final Gatekeeper gatekeeper;
    private final List<Route> routes;
    private final Refusals refusals;

    /// @param refusals told of what was refused
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
        Optional<Route> found = route(call);
        if (found.isPresent() && found.get().isWrite()) {
            write(call, found.get());
            return;
        }
        if (call.rawPath().startsWith(API)) {
            try {
                gatekeeper.checkRead(call);
            } catch (Problem problem) {
                refusals.reader(call.client(), call.line(), problem);
                throw problem;
            }
        }
        if (found.isEmpty()) {
            throw nothingHere(call);
        }
        found.get().handler().handle(call);
    }

    /// The route of a call, to which it gives its variables.
    private Optional<Route> route(Call call) {
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(call.rawPath());
            if (variables.isPresent() && route.takes(call.method())) {
                call.path(variables.get());
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /// Why there is no route.
    private Problem nothingHere(Call call) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            if (route.match(call.rawPath()).isPresent()) {
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            return new Problem(404, "there is nothing at this path; /api/openapi.yaml tells what there is");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        call.set("Allow", String.join(", ", allowed));
        return new Problem(405, "the methods for this path are " + String.join(", ", allowed));
    }

    private void write(Call call, Route route) throws Problem, IOException {
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
