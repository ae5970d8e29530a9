package dev.myrmidon.engine.internal.http;

import static dev.myrmidon.engine.internal.http.Browser.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.ReservedPort;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/// The console in a browser, of an engine that has something to do.
@Timeout(240)
class ConsoleTest {
    private static final String EVIL = "<img src=x onerror=\"document.body.dataset.evil='yes'\">";

    private static Browser browser;

    @TempDir
    Path folder;

    private Served served;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeAll
    static void startBrowser(@TempDir Path profile) {
        browser = new Browser(profile);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder, config());
        browser.size(1280, 800, 1);
        browser.prefers("light");
        browser.complaints();
    }

    private static EngineConfig config() {
        return new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of(
                                "images",
                                Pool.builder("images")
                                        .capacity(4)
                                        .queueCapacity(100)
                                        .timed(true)
                                        .config()),
                        Duration.ofMinutes(1))
                .monitor(MonitorConfig.every(Duration.ofMillis(100)))
                .tracker(TrackerConfig.DEFAULT)
                .alarms(AlarmsConfig.NONE.with(
                        AlarmType.POOL_USAGE, AlarmType.POOL_USAGE.at(0.9).sustained(Duration.ZERO)));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(browser.complaints()).isEmpty();
        } finally {
            gate.countDown();
            browser.open("about:blank");
            served.close();
        }
    }

    @Test
    void whatPoolsDoIsShownAsItHappens() {
        browser.open(served.address);
        browser.awaitText("#connection", "Live");
        browser.awaitText(".summary", "2 pools, none in trouble");
        assertThat(browser.one(".hint-card").isDisplayed()).isTrue();

        for (int i = 0; i < 6; i++) {
            block("resize photo");
        }

        browser.awaitText("[role=row][data-level='3']", "images");
        browser.awaitText("[role=row][data-level='3']", "alarmpool_usage");
        browser.awaitText("[role=row][data-level='3']", "4/ 4");
        browser.awaitText("[role=row][data-level='3']", "2· 0");
        browser.awaitText("#alarm-count", "1");
        browser.awaitText("#announcer", "Alarm: pool_usage of pool images.");
        soon().until(() -> !browser.one(".hint-card").isDisplayed());
        soon().until(() -> browser.number("return document.querySelectorAll('.totals canvas').length") == 2);

        gate.countDown();

        browser.awaitText(".summary", "2 pools, none in trouble");
        browser.awaitText("#announcer", "Alarm over: pool_usage of pool images.");
    }

    @Test
    void onePoolHasItsChartsTasksStacksAndFailures() {
        Task<?> blocked = blockedTask("resize photo");
        soon().until(() -> entered.getCount() == 0);
        Task<?> failed = served.engine
                .pool("images")
                .submit(
                        () -> {
                            throw new IOException("broken pipe");
                        },
                        TaskOptions.named("load photo"));
        soon().until(failed::isDone);
        browser.open(served.address);
        browser.one(".rows a[href='#/pools/images']").click();

        soon().until(() -> browser.number("return document.querySelectorAll('.charts canvas').length") == 6);
        assertThat(browser.focused().getText()).isEqualTo("images");
        browser.awaitText(".tasks tbody", "resize photo");
        browser.awaitText(".columns", "max blocking tasks");
        browser.button("Stack").click();
        browser.awaitText(".details", "ConsoleTest.blocked(");
        browser.button("Failures").click();
        browser.awaitText(".tasks tbody", "java.io.IOException: broken pipe");
        browser.button("Stack").click();
        browser.awaitText(".details", ConsoleTest.class.getName() + ".");
        browser.one("[role=tab][aria-selected=true]").sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.focused().getText()).isEqualTo("History");
        browser.awaitText(".tasks tbody", "load photo");

        browser.button("Running").click();
        browser.awaitText(".tasks tbody", "resize photo");
        browser.button("Cancel").click();
        browser.awaitText("dialog", "number " + blocked.id() + " of images");
        browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
        browser.button("Cancel the task").click();
        soon().until(blocked::isCancelled);
        browser.awaitText("#toast", "was cancelled");
    }

    @Test
    void aResizeAsksForTheTokenAndSaysIfItIsWrong() {
        browser.open(served.address + "/#/pools/images");
        browser.button("Resize").click();
        browser.one("dialog input[name=capacity]").clear();
        browser.one("dialog input[name=capacity]").sendKeys("0");
        browser.one("dialog input[name=token]").sendKeys("not-the-token-at-all");
        browser.one("dialog button[type=submit]").click();
        browser.awaitText("dialog [role=alert]", "The capacity must be a whole number from 1 to 2147483647");
        browser.awaitText("dialog", "The line “console at” that the engine printed says where it is");
        assertThat(served.engine.audit()).isEmpty();
        browser.one("dialog input[name=capacity]").clear();
        browser.one("dialog input[name=capacity]").sendKeys("7");

        browser.one("dialog button[type=submit]").click();

        browser.awaitText("dialog [role=alert]", "The token is wrong: it is not the one of this server.");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(4);
        assertThat(browser.focused().getAttribute("name")).isEqualTo("token");

        browser.one("dialog input[name=token]").clear();
        browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
        browser.one("dialog button[type=submit]").click();

        browser.awaitText("#toast", "images now has capacity 7.");
        browser.awaitText(".tiles", "of 7");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(7);
        assertThat(browser.run("return JSON.stringify(localStorage) + document.cookie"))
                .asString()
                .doesNotContain(Served.TOKEN);
        assertThat(browser.run("return sessionStorage['myrmidon.token']")).isEqualTo(Served.TOKEN);

        browser.open(served.address + "/#/audit");
        browser.awaitText(".events", "images.capacity 4 → 7");
        browser.awaitText(".events", "refused");
        browser.button("Forget token").click();
        assertThat(browser.run("return sessionStorage['myrmidon.token'] ?? 'none'"))
                .isEqualTo("none");
    }

    @Test
    void aPoolIsResizedByTheKeyboardAlone() {
        browser.open(served.address);
        browser.awaitText(".rows", "images");
        for (int i = 0; i < 40 && !browser.focused().getText().equals("images"); i++) {
            browser.focused().sendKeys(Keys.TAB);
        }
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitText("h1", "images");
        for (int i = 0; i < 40 && !browser.focused().getText().equals("Resize"); i++) {
            browser.focused().sendKeys(Keys.TAB);
        }
        browser.focused().sendKeys(Keys.ENTER);
        browser.one("dialog");
        browser.focused().sendKeys("9", Keys.TAB, Served.TOKEN, Keys.ENTER);

        soon().until(() -> served.engine.pool("images").config().capacity() == 9);
        browser.awaitText("#announcer", "images now has capacity 9.");
        soon().until(() -> browser.focused().getText().equals("Resize"));

        browser.focused().sendKeys(Keys.ENTER);
        browser.one("dialog");
        browser.focused().sendKeys(Keys.ESCAPE);
        soon().until(() -> browser.all("dialog").isEmpty());
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(9);
    }

    @Test
    void aPoolIsPausedAndResumedAfterAQuestion() {
        browser.open(served.address + "/#/pools/images");
        browser.button("Pause").click();
        browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
        browser.one("dialog button[type=submit]").click();

        browser.awaitText(".heading .status", "paused");
        soon().until(() -> browser.all("dialog").isEmpty());
        assertThat(served.engine.pool("images").isPaused()).isTrue();

        browser.button("Resume").click();
        browser.one("dialog button[type=submit]").click();

        browser.awaitText(".heading .status", "idle");
        assertThat(served.engine.pool("images").isPaused()).isFalse();
    }

    @Test
    void beforeTheFirstSampleAPoolThatRunsSomethingIsNotIdle() throws IOException {
        served.close();
        served = new Served(folder, config().monitor(MonitorConfig.every(Duration.ofHours(1))));
        block("resize photo");
        browser.open(served.address);

        browser.awaitText("[role=row][data-level='1']", "working");
        browser.awaitText("[role=row][data-level='0']", "There is no sample yet");
    }

    /// With samples that are far apart the page must not wait for the next one.
    @Test
    void theLatestSamplesAreShownAtOnce() throws IOException {
        served.close();
        served = new Served(folder, config().monitor(MonitorConfig.every(Duration.ofSeconds(4))));
        soon().until(() -> served.engine.monitor().latest().size() == 2);
        browser.open(served.address);

        browser.awaitText("#connection", "Live");
        browser.awaitText(".rows", "idle");
        assertThat(browser.one(".rows").getText()).contains("0/s").doesNotContain("There is no sample yet");
    }

    @Test
    void aLostConnectionIsToldAndTheStateAskedForAgain() throws IOException {
        served.close();
        try (ReservedPort port = new ReservedPort()) {
            aLostConnectionIsToldAndTheStateAskedForAgain(port.number());
        }
    }

    private void aLostConnectionIsToldAndTheStateAskedForAgain(int port) throws IOException {
        EngineConfig config =
                config().management(ManagementConfig.DEFAULT.port(port).tokenFile(Served.tokenFile(folder)));
        served = new Served(new DefaultEngine(config));
        browser.open(served.address);
        browser.awaitText("#connection", "Live");
        served.close();

        browser.awaitText("#banner", "Connection lost since");
        browser.awaitText("#banner", "What you see is from then.");
        browser.awaitText("#announcer", "Connection lost.");

        served = new Served(new DefaultEngine(config));
        served.engine.pool("default").resize(33);
        browser.run("document.getElementById('banner-action').click()"); // it may be gone already

        browser.awaitText("#connection", "Live");
        assertThat(browser.one("#banner").isDisplayed()).isFalse();
        browser.awaitText(".rows", "/ 33");
    }

    @Test
    void theReasonForALossAndTheDrainAreTold() {
        block("slow");
        browser.open(served.address);
        browser.awaitText("#connection", "Live");

        Thread closer = Thread.startVirtualThread(served.engine::close);

        browser.awaitText("#banner", "The engine is closing.");
        gate.countDown();
        browser.awaitText("#banner", "Connection lost since");
        soon().until(() -> !closer.isAlive());
    }

    @Test
    void namesAreTextAndNeverMarkup() {
        served.engine.registry().create(Pool.builder(EVIL).capacity(1).config());
        Pool evil = served.engine.pool(EVIL);
        var _ = evil.submit(this::blocked, TaskOptions.named(EVIL));
        block(EVIL);
        browser.open(served.address);

        browser.awaitText(".rows", EVIL);
        browser.run("location.hash = '#/pools/' + encodeURIComponent(arguments[0])", EVIL);
        browser.awaitText("h1", EVIL);
        soon().until(() -> browser.number("return document.querySelectorAll('.charts canvas').length") == 6);
        browser.open(served.address + "/#/pools/images");
        browser.awaitText(".tasks tbody", EVIL);
        browser.button("Cancel").click();
        browser.awaitText("dialog", EVIL);

        assertThat(browser.run("return document.body.dataset.evil ?? 'no'")).isEqualTo("no");
        assertThat(browser.number("return document.querySelectorAll('main img, dialog img').length"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/#/pools/images", "/#/alarms", "/#/audit", "/#/config"})
    void itFitsAPhoneAndAxeFindsNothingSerious(String path) throws IOException {
        block("resize photo");
        for (int i = 0; i < 5; i++) {
            block("resize another photo with a rather long name, /of/a/file/somewhere/that/nobody/breaks.jpeg");
        }
        browser.open("about:blank");
        browser.open(served.address + path);
        browser.awaitText("#connection", "Live");
        browser.awaitText("#alarm-count", "1");
        browser.one("main h1");
        for (String scheme : new String[] {"light", "dark"}) {
            browser.prefers(scheme);
            assertThat(browser.violations()).as(scheme).isEmpty();
        }
        browser.size(360, 740, 1);
        soon().until(() -> browser.number("return innerWidth") == 360);
        soon().untilAsserted(() -> assertThat(browser.number("return document.documentElement.scrollWidth"))
                .isEqualTo(360));
        assertThat(browser.violations()).isEmpty();
    }

    @Test
    void theDialogIsUsableToo() throws IOException {
        browser.open(served.address + "/#/pools/images");
        browser.button("Resize").click();
        for (String scheme : new String[] {"light", "dark"}) {
            browser.prefers(scheme);
            assertThat(browser.violations()).as(scheme).isEmpty();
        }
    }

    @Test
    void theThemeCanBeChosen() {
        browser.open(served.address);
        browser.awaitText("#connection", "Live");
        String light = background();

        browser.one("#theme").sendKeys("Dark");

        soon().until(() -> !background().equals(light));
        browser.refresh();
        assertThat(background()).isNotEqualTo(light);
        browser.one("#theme").sendKeys("Auto");
        soon().until(() -> background().equals(light));
    }

    private static String background() {
        return String.valueOf(browser.run("return getComputedStyle(document.body).backgroundColor"));
    }

    @Test
    void fiveHundredPoolsAreDrawnWhereTheyAreSeen() throws IOException {
        served.close();
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (int i = 1; i < 500; i++) {
            pools.put(
                    "pool-" + i,
                    Pool.builder("pool-" + i).capacity(4).timed(true).config());
        }
        served = new Served(
                folder,
                new EngineConfig(Pool.builder("default").capacity(10).config(), pools, Duration.ofSeconds(2))
                        .monitor(MonitorConfig.every(Duration.ofMillis(500))));
        browser.open(served.address);

        browser.awaitText(".summary", "500 pools");
        browser.one(".rows .row[data-level]");
        assertThat(browser.number("return document.querySelectorAll('.rows .row').length"))
                .isBetween(5L, 40L);

        browser.run("scrollTo(0, document.body.scrollHeight)");
        browser.awaitText(".rows", "pool-499");
        browser.one("input[type=search]").sendKeys("pool-123");
        soon().until(() -> browser.number("return document.querySelectorAll('.rows .row').length") == 1);
        browser.awaitText(".rows", "pool-123");
        assertThat(browser.number("return document.querySelectorAll('*').length"))
                .isLessThan(2_000);
        assertThat(browser.heap()).isLessThan(30_000_000);
    }

    private Object blocked() throws InterruptedException {
        entered.countDown();
        gate.await();
        return "done";
    }

    @Test
    void scalingIsShownAndChanged() throws IOException {
        served.close();
        served =
                serveFile("pools: { images: { size: 4, scaling: { strategy: aimd, min: 6, max: 40, increase: 10 } } }");
        browser.open(served.address + "/#/pools/images");
        browser.awaitText(".columns", "strategyaimd");
        browser.awaitText(".steps", "4 → 6");

        browser.button("Change scaling").click();
        browser.one("dialog input[name=max]").clear();
        browser.one("dialog input[name=max]").sendKeys("many");
        browser.one("dialog input[name=cool_down]").clear();
        browser.one("dialog input[name=cool_down]").sendKeys("30s");
        browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
        browser.one("dialog button[type=submit]").click();
        browser.awaitText("dialog [role=alert]", "Max must be a number, was “many”.");
        browser.one("dialog input[name=max]").clear();
        browser.one("dialog input[name=max]").sendKeys("5");
        browser.one("dialog button[type=submit]").click();
        browser.awaitText("dialog [role=alert]", "max");
        browser.one("dialog input[name=max]").clear();
        browser.one("dialog input[name=max]").sendKeys("80");
        browser.one("dialog button[type=submit]").click();

        browser.awaitText("#toast", "images is scaled by aimd.");
        assertThat(served.engine.autoscaler().config("images")).hasValueSatisfying(scaling -> {
            assertThat(scaling.max()).isEqualTo(80);
            assertThat(scaling.coolDown()).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void whatTheFileWouldChangeIsShownAndReloaded() throws IOException {
        served.close();
        served = serveFile("pools: { images: { size: 4 } }");
        browser.open(served.address + "/#/config");
        browser.awaitText(".empty", "a reload changes nothing");
        browser.awaitText(".config", "images");

        writeFile("pools: { images: { size: 9 } }");
        browser.button("Look again").click();
        browser.awaitText("[data-kind=applied]", "images.size 4 → 9");
        browser.button("Reload the file").click();
        browser.awaitText("dialog", "images.size 4 → 9");
        browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
        browser.one("dialog button[type=submit]").click();

        browser.awaitText("#toast", "Applied: images.size 4 → 9");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(9);
        browser.awaitText(".empty", "a reload changes nothing");
    }

    private Served serveFile(String pools) throws IOException {
        return new Served(new DefaultEngine(writeFile(pools), false));
    }

    private Path writeFile(String pools) throws IOException {
        return Files.writeString(
                folder.resolve("config.yaml"),
                pools + "\nmonitor: { interval: \"100ms\" }\nmanagement: { port: 0, token_file: \""
                        + Served.tokenFile(folder) + "\" }\n");
    }

    /// As a server that others can reach does.
    @Test
    void aServerThatShowsNothingWithoutTheTokenIsAskedWithIt() throws Exception {
        try (AutoCloseable _ = browser.before("""
                const real = window.fetch;
                window.fetch = (path, options) => options.headers.Authorization === "Bearer %s"
                  ? real(path, options)
                  : Promise.resolve(Response.json({ detail: "reading needs the token" }, { status: 401 }));
                """.formatted(Served.TOKEN))) {
            browser.open(served.address);
            browser.awaitText("#banner", "Token needed. This server shows nothing without its token.");

            browser.button("Enter the token").click();
            browser.one("dialog input[name=token]").sendKeys("not the token");
            browser.one("dialog button[type=submit]").click();
            browser.awaitText("dialog [role=alert]", "That is no token");
            browser.one("dialog input[name=token]").clear();
            browser.one("dialog input[name=token]").sendKeys("not-the-token");
            browser.one("dialog button[type=submit]").click();
            browser.awaitText("dialog [role=alert]", "The token is wrong");
            browser.one("dialog input[name=token]").clear();
            browser.one("dialog input[name=token]").sendKeys(Served.TOKEN);
            browser.one("dialog button[type=submit]").click();

            browser.awaitText(".summary", "2 pools");
            browser.awaitText("#connection", "Live");
            assertThat(browser.one("#banner").isDisplayed()).isFalse();
        }
    }

    @Test
    void whoGoesElsewhereLeavesTheQuestionBehind() {
        browser.open(served.address);
        browser.awaitText("#connection", "Live");
        browser.open(served.address + "/#/pools/images");
        browser.button("Resize").click();
        browser.one("dialog");

        browser.run("history.back()");

        soon().until(() -> browser.all("dialog").isEmpty());
        browser.awaitText("h1", "Pools");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#/pools/nobody", "#/pools/%E0%A4%A", "#/pools/", "#/pools/a/b", "#nothing", "#/pools/%2e%2e"})
    void whatDoesNotExistIsNoMistake(String hash) {
        browser.open("about:blank");
        browser.open(served.address + "/" + hash);

        browser.awaitText("#connection", "Live");
        soon().until(() -> browser.text("main").contains("There is no pool")
                || browser.text("h1").equals("Pools"));
    }

    @Test
    void numbersAreWrittenAsPeopleReadThem() {
        browser.open(served.address);
        Object texts = browser.runAsync("""
                const done = arguments[arguments.length - 1];
                import("/console/format.js").then(f => done([
                  [0, 7, 0.42, 999, 999.7, 1234, 34000, 123456, 999600, 5.6e6, 2e9, null].map(f.count),
                  [0, 0.04, 0.4, 12, 1234].map(f.rate),
                  [null, 0, 3.4e-7, 3.4e-4, 0.0034, 0.9996, 1.25, 59.96, 125, 11520, 180000].map(f.duration),
                  [0, 0.052, 0.5, 1, null].map(f.percent),
                  [-1, 50000].map(f.capacity),
                  [0, 1536, 1073741824].map(f.bytes),
                ].map(list => list.join("|").replaceAll("\u00a0", " ")).join("\\n")));
                """);
        assertThat(texts).isEqualTo("""
                        0|7|0.4|999|1.0k|1.2k|34.0k|123k|1.0M|5.6M|2.0G|–
                        0/s|<0.1/s|0.4/s|12/s|1.2k/s
                        –|0 s|0.34 µs|340 µs|3.4 ms|1 s|1.3 s|1 min|2 min 5 s|3 h 12 min|2 d 2 h
                        0 %|5.2 %|50 %|100 %|–
                        ∞|50k
                        0 B|1.5 KB|1 GB""");
    }

    @Test
    void aSeriesTakesSamplesAsTheServerDoesAndForgetsOldOnes() {
        browser.open(served.address);
        Object result = browser.runAsync("""
                const done = arguments[arguments.length - 1];
                import("/console/series.js").then(({ Series }) => {
                  const series = new Series({ step: 5, at: [1000], running: [3], throughput: [10] });
                  const point = (at, running, throughput, interval) => ({ at, running, throughput, interval, run_p99: running });
                  series.add(point(1000, 99, 99, 5)); // the history had it
                  series.add(point(1005, 4, 20, 1));
                  series.add(point(1006, 2, 40, 3)); // the same step: peaks stay, rates are means
                  const merged = [series.at.join(), series.columns.running.join(), series.columns.throughput.join()].join(";");
                  for (let at = 1010; at <= 1010 + 1000 * 5; at += 5) {
                    series.add(point(at, 1, 1, 5));
                  }
                  done(merged + ";" + series.length);
                });
                """);
        assertThat(result).isEqualTo("1000,1006;3,4;10,35;181");
    }

    private void block(String name) {
        var _ = blockedTask(name);
    }

    private Task<?> blockedTask(String name) {
        return served.engine.pool("images").submit(this::blocked, TaskOptions.named(name));
    }
}
