package dev.myrmidon.engine.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The page for people: files beside this class, read when they are asked for. It knows nothing that the
/// API doesn't tell. Thread-safe.
final class Console {
    /// What the page may load, and from where: nothing that isn't this server. Styles that its scripts set
    /// one by one are no inline styles.
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final String PAGE = "index.html";

    /// Everything but the page. Only what stands here is served, so no path leads elsewhere.
    static final List<String> FILES = List.of(
            "actions.js",
            "alarms.js",
            "announce.js",
            "api.js",
            "audit.js",
            "base.css",
            "chart.js",
            "config.js",
            "connection.js",
            "dialog.js",
            "dom.js",
            "favicon.svg",
            "format.js",
            "layout.css",
            "main.js",
            "overview.js",
            "palette.js",
            "parts.css",
            "pool.js",
            "pools.css",
            "rows.js",
            "scaling.js",
            "series.js",
            "sparkline.js",
            "status.js",
            "store.js",
            "stream.js",
            "tasks.js",
            "theme.js",
            "uplot/uPlot.iife.min.js",
            "uplot/uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    private static final class Asset {
        final byte[] content;
        final String type;
        final String tag;

        Asset(byte[] content, String type, String tag) {
            this.content = content;
            this.type = type;
            this.tag = tag;
        }
    }

    /// The page at `/`, and what it consists of below `/console/`.
    List<Route> routes() {
        return Stream.concat(Stream.of(route("/", PAGE)), FILES.stream().map(file -> route("/console/" + file, file)))
                .toList();
    }

    private Route route(String path, String file) {
        return new Route("GET", path, call -> serve(call, file));
    }

    /// A browser asks each time whether it has the newest, so that what it shows is of one version, after an
    /// upgrade too.
    private void serve(Call call, String file) throws Problem, IOException {
        Asset asset = assets.computeIfAbsent(file, Console::load);
        call.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        call.set("Cache-Control", "no-cache");
        call.set("ETag", asset.tag);
        if (call.header("If-None-Match").filter(asset.tag::equals).isPresent()) {
            call.answerNotModified(asset.type);
        } else {
            call.answer(200, asset.type, asset.content);
        }
    }

    private static Asset load(String file) {
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        try (InputStream in = Console.class.getResourceAsStream("console/" + file)) {
            if (in == null || type == null) {
                throw new IllegalStateException(file + " of the console is missing from this build");
            }
            byte[] content = in.readAllBytes();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return new Asset(content, type, '"' + HexFormat.of().formatHex(hash, 0, 16) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }
}
