package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A Chromium without a window.
final class Browser implements AutoCloseable {
    /// Where this is set, as `.ci/run` does, a machine without a browser fails the tests instead of skipping them.
    private static final String REQUIRED = "CI";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(25);

    private final ChromeDriver driver;

    /// Skips the tests if there is no browser, unless one is required.
    ///
    /// @param folder for its profile
    Browser(Path folder) {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> program(name).stream())
                .findFirst();
        Optional<Path> chromedriver = program("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String why = "no chromium and chromedriver on the PATH, so the console is not tested in a browser;"
                    + " on Debian: apt-get install chromium chromium-driver";
            if (System.getenv(REQUIRED) != null) {
                throw new IllegalStateException(why);
            }
            abort(why);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // builds may run as root
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--lang=en",
                "--user-data-dir=" + folder.resolve("profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                        .withLogFile(folder.resolve("driver.log").toFile())
                        .build(),
                options);
        size(1280, 800, 1);
    }

    private static Optional<Path> program(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(Object address) {
        driver.get(address.toString());
    }

    void refresh() {
        driver.navigate().refresh();
    }

    /// Of the part that shows the page, in CSS pixels.
    void size(int width, int height, double ratio) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", ratio, "mobile", width < 600));
    }

    /// What the system of the user prefers: light or dark, and nothing that moves.
    void prefers(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /// Runs this before the scripts of each page that is opened from now on, until the result is closed.
    AutoCloseable before(String script) {
        Object id = driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier");
        return () -> driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
    }

    /// For what there must be soon, if the machine has time for it.
    static ConditionFactory soon() {
        return await().pollInterval(POLL).atMost(PATIENCE);
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /// The one element, which there must be soon.
    WebElement one(String css) {
        soon().until(() -> !all(css).isEmpty());
        return all(css).getFirst();
    }

    /// The button that says this, which there must be soon, and ready to be pressed.
    WebElement button(String text) {
        By by = By.xpath("//button[normalize-space()='" + text + "']");
        soon().until(() ->
                driver.findElements(by).stream().anyMatch(button -> button.isDisplayed() && button.isEnabled()));
        return driver.findElements(by).stream()
                .filter(button -> button.isDisplayed() && button.isEnabled())
                .findFirst()
                .orElseThrow();
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /// Waits until an element has this in its text.
    void awaitText(String css, String text) {
        soon().untilAsserted(() -> assertThat(text(css)).contains(text));
    }

    /// The text of the first element, also if it can't be seen; empty if there is none.
    String text(String css) {
        Object text = run("return document.querySelector(arguments[0])?.textContent ?? ''", css);
        return String.valueOf(text).replace('\u00a0', ' ');
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    long number(String script, Object... arguments) {
        return ((Number) run(script, arguments)).longValue();
    }

    /// Hands a promise's value to the last argument.
    Object runAsync(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return driver.executeAsyncScript(script, arguments);
    }

    /// Bytes that scripts hold, after a collection.
    long heap() {
        driver.executeCdpCommand("HeapProfiler.enable", Map.of());
        driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
        return ((Number) driver.executeCdpCommand("Runtime.getHeapUsage", Map.of())
                        .get("usedSize"))
                .longValue();
    }

    byte[] screenshot() {
        String data = (String) driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        return Base64.getDecoder().decode(data);
    }

    /// What axe-core finds that is serious or worse, a line for each.
    @SuppressWarnings("unchecked")
    List<String> violations() throws IOException {
        run(axe());
        Map<String, Object> result = (Map<String, Object>) runAsync("""
                const done = arguments[arguments.length - 1];
                axe.run(document, { resultTypes: ["violations"] }).then(done, error => done({ violations: [], error: String(error) }));
                """);
        assertThat(result.get("error")).isNull();
        return ((List<Map<String, Object>>) result.get("violations"))
                .stream()
                        .filter(violation -> List.of("serious", "critical").contains(violation.get("impact")))
                        .map(violation -> violation.get("id") + ": " + violation.get("help") + " "
                                + ((List<Map<String, Object>>) violation.get("nodes"))
                                        .stream()
                                                .limit(3)
                                                .map(node -> node.get("html") + " " + node.get("failureSummary"))
                                                .toList())
                        .toList();
    }

    private static String axe() throws IOException {
        Properties axe = new Properties();
        axe.load(new StringReader(resource("META-INF/maven/org.webjars.npm/axe-core/pom.properties")));
        return resource("META-INF/resources/webjars/axe-core/" + axe.getProperty("version") + "/axe.min.js");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Browser.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// What the browser complained of since it was last asked: errors of scripts, and what the policy for
    /// its content forbids. Refused requests are no mistakes of the page.
    List<String> complaints() {
        return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(line -> !(line.contains("/api/") && line.contains("Failed to load resource")))
                .filter(line -> !(line.contains("/api/") && line.contains("net::ERR_")))
                .filter(line -> !line.contains("willReadFrequently")) // axe reads what was drawn
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
