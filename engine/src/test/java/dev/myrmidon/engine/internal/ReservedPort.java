package dev.myrmidon.engine.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A port of this machine on which nobody listens, and which the system gives to nobody who asks for any. Who names it
/// can listen there all the same.
public final class ReservedPort implements AutoCloseable {
    private final Socket bound = new Socket(); // bound, and connected to nothing: whoever calls is refused

    public ReservedPort() throws IOException {
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int number() {
        return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
