package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.TrackerConfig;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Takes the pictures of the console that the documentation has, from a live run: `-Dscreenshots=FOLDER`, and
/// `-Dscreenshots.seconds=900` for how long the pools are watched first.
@Timeout(1_200)
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ScreenshotsTest {
    /// More would make reading the page slower than it is worth.
    private static final int MOST_BYTES = 150 << 10;

    @TempDir
    Path folder;

    private Path target = Path.of("");

    @Test
    void takes() throws IOException, InterruptedException {
        target = Path.of(System.getProperty("screenshots"));
        Files.createDirectories(target);
        try (Served served = new Served(folder, config());
                Workload load = load(served);
                Browser browser = new Browser(folder)) {
            browser.open(served.address);
            browser.awaitText("#connection", "Live");
            Thread.sleep(Duration.ofSeconds(Long.getLong("screenshots.seconds", 60)));

            browser.prefers("light");
            overview(browser, served, 1280, 860, "console-light.png");
            browser.prefers("dark");
            overview(browser, served, 1280, 860, "console-dark.png");
            browser.prefers("light");
            browser.size(1280, 1000, 1);
            browser.open(served.address + "/#/pools/search");
            browser.awaitText(".tasks tbody", "find");
            browser.one(".charts canvas");
            take(browser, "console-pool.png");
            overview(browser, served, 360, 760, "console-phone.png");
            assertThat(browser.complaints()).isEmpty();
            assertThat(load).isNotNull();
        }
    }

    private void overview(Browser browser, Served served, int width, int height, String name)
            throws IOException, InterruptedException {
        browser.size(width, height, width < 600 ? 2 : 1);
        browser.open(served.address);
        browser.refresh();
        browser.awaitText("#connection", "Live");
        browser.one(".rows .row[data-level]");
        browser.one(".totals canvas");
        take(browser, name);
    }

    private void take(Browser browser, String name) throws IOException, InterruptedException {
        Thread.sleep(1_500); // so that what was drawn is on the screen
        byte[] image = small(browser.screenshot());
        Files.write(target.resolve(name), image);
        assertThat(image.length).as(name).isLessThan(MOST_BYTES);
    }

    /// The same picture with the 256 colours that it has most of, which nobody sees, packed as well as PNG can.
    private static byte[] small(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel & 0xffffff, 1, Integer::sum);
        }
        int[] colors = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(256)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        IndexColorModel model = new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage indexed = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            int index = nearest.computeIfAbsent(pixels[i] & 0xffffff, color -> nearest(color, colors));
            indexed.getRaster().setSample(i % width, i / width, 0, index);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam best = writer.getDefaultWriteParam();
        best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        best.setCompressionQuality(0);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(packed)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(indexed, null, null), best);
        } finally {
            writer.dispose();
        }
        return packed.toByteArray();
    }

    private static int nearest(int color, int[] colors) {
        int best = 0;
        for (int i = 1; i < colors.length; i++) {
            if (distance(color, colors[i]) < distance(color, colors[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int sum = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int difference = (one >> shift & 0xff) - (other >> shift & 0xff);
            sum += difference * difference;
        }
        return sum;
    }

    static EngineConfig config() {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        add(pools, pool("checkout", 64).queueCapacity(256));
        add(pools, pool("search", 120).queueCapacity(400));
        add(pools, pool("images", 24).queueCapacity(40).whenSaturated(SaturationPolicy.refuse()));
        add(pools, pool("mail", 16).queueCapacity(1_000));
        add(pools, pool("geocoder", 12).queueCapacity(100));
        add(pools, pool("reports", 4).queueCapacity(20));
        add(pools, pool("webhooks", 50).queueCapacity(500));
        add(pools, pool("thumbnails", 32).queueCapacity(100));
        add(pools, pool("audit-log", 8));
        return new EngineConfig(pool("default", 200).config(), pools, Duration.ofSeconds(2))
                .monitor(MonitorConfig.every(Duration.ofSeconds(1)))
                .tracker(TrackerConfig.DEFAULT)
                .scaling(Map.of("search", ScalingConfig.between(40, 240).interval(Duration.ofSeconds(5))))
                .alarms(AlarmsConfig.NONE.with(AlarmType.FAILURE_RATE, AlarmType.FAILURE_RATE.at(0.2)));
    }

    private static PoolBuilder pool(String name, int capacity) {
        return Pool.builder(name).capacity(capacity).timed(true);
    }

    private static void add(Map<String, PoolConfig> pools, PoolBuilder builder) {
        pools.put(builder.config().name(), builder.config());
    }

    static Workload load(Served served) {
        return new Workload()
                .tasks(
                        served.engine,
                        "checkout",
                        "charge card",
                        420,
                        90,
                        Duration.ofSeconds(70),
                        Workload.sometimes(0.004))
                .tasks(
                        served.engine,
                        "search",
                        "find products",
                        900,
                        75,
                        Duration.ofSeconds(110),
                        Workload.sometimes(0.002))
                .tasks(served.engine, "images", "resize photo", 210, 130, Duration.ofSeconds(55), Workload.never())
                .tasks(served.engine, "mail", "send receipt", 60, 160, Duration.ofSeconds(90), Workload.sometimes(0.01))
                .tasks(
                        served.engine,
                        "geocoder",
                        "locate address",
                        40,
                        180,
                        Duration.ofSeconds(40),
                        Workload.sometimes(0.3))
                .tasks(
                        served.engine,
                        "reports",
                        "monthly report",
                        0.4,
                        7_000,
                        Duration.ofSeconds(120),
                        Workload.never())
                .tasks(
                        served.engine,
                        "webhooks",
                        "notify partner",
                        150,
                        210,
                        Duration.ofSeconds(80),
                        Workload.sometimes(0.02))
                .tasks(served.engine, "thumbnails", "make thumbnail", 320, 35, Duration.ofSeconds(65), Workload.never())
                .tasks(served.engine, "default", "warm cache", 30, 12, Duration.ofSeconds(50), Workload.never());
    }
}
