package dev.myrmidon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// What [ConsoleCommand] runs in a process of its own: clients of an engine's events. Some read, and some don't.
/// Says `ready` when all are there and those that read have read something, and on one line what became of them when
/// its stdin ends.
final class ConsoleClients {
    /// Small, so that it is full before long.
    private static final int DEAF_BUFFER = 4_096;

    /// How long a client that didn't read looks for the end of its stream, in milliseconds.
    private static final int LOOK = 2_000;

    /// How long those that read wait for their first events, in seconds.
    private static final int PATIENCE = 60;

    private ConsoleClients() {}

    /// What became of the clients.
    ///
    /// @param alive those that read, and still have their streams
    /// @param events what they have read
    /// @param dropped those that didn't read, and have lost their streams
    record Report(int alive, long events, int dropped) {}

    /// Connects, and waits for its stdin to end.
    ///
    /// @param args the address, how many read, how many don't
    public static void main(String[] args) throws IOException, InterruptedException {
        URI address = URI.create(args[0]);
        LongAdder events = new LongAdder();
        CountDownLatch reading = new CountDownLatch(Integer.parseInt(args[1]));
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            Socket socket = listen(address, 0);
            readers.add(Thread.startVirtualThread(() -> count(socket, events, reading)));
        }
        List<Socket> deaf = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            deaf.add(listen(address, DEAF_BUFFER));
        }
        if (!reading.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new IOException("no events from " + address);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until our parent says so, or is gone
        }
        int alive = (int) readers.stream().filter(Thread::isAlive).count();
        int dropped = 0;
        for (Socket socket : deaf) {
            dropped += isEnded(socket) ? 1 : 0;
        }
        System.out.println(Json.line(new Report(alive, events.sum(), dropped)));
        System.exit(0);
    }

    /// @param buffer how much the system may keep for us; zero for the usual
    private static Socket listen(URI address, int buffer) throws IOException {
        Socket socket = new Socket();
        if (buffer > 0) {
            socket.setReceiveBufferSize(buffer);
        }
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        socket.getOutputStream()
                .write(("GET /api/events HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void count(Socket socket, LongAdder events, CountDownLatch reading) {
        boolean first = true;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    events.increment();
                    if (first) {
                        first = false;
                        reading.countDown();
                    }
                }
            }
        } catch (IOException e) {
            // the server has closed it, which our parent learns by our end
        }
    }

    private static boolean isEnded(Socket socket) {
        long begin = System.nanoTime();
        byte[] piece = new byte[DEAF_BUFFER];
        try (InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(LOOK);
            while (System.nanoTime() - begin < LOOK * 1_000_000L) {
                if (in.read(piece) < 0) {
                    return true;
                }
            }
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
