package dev.myrmidon.engine.each;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Outcomes as bytes, for [Spill]. A payload in a file stays in its file.
final class OutcomeCodec {
    private static final int NULL = -1;
    private static final int ON_DISK = -2;

    private OutcomeCodec() {}

    static byte[] encode(Outcome outcome) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Item item = outcome.item();
            out.writeLong(item.sequence());
            out.writeLong(item.line());
            writeBytes(out, item.bytes());
            out.writeInt(item.attempts());
            out.writeLong(outcome.millis());
            Result result = outcome.result();
            out.writeUTF(result.status().name());
            out.writeInt(result.exit());
            Result.Response response = result.response();
            out.writeInt(response == null ? NULL : response.status());
            out.writeLong(response == null ? 0 : response.bytes());
            writePayload(out, result.output());
            writePayload(out, result.errors());
            String error = result.error();
            writeBytes(out, error == null ? null : error.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    static Outcome decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Item item = new Item(in.readLong(), in.readLong(), required(readBytes(in, in.readInt())), null);
            item.setAttempts(in.readInt());
            long millis = in.readLong();
            Status status = Status.valueOf(in.readUTF());
            int exit = in.readInt();
            int httpStatus = in.readInt();
            long httpBytes = in.readLong();
            Result.Response response = httpStatus == NULL ? null : new Result.Response(httpStatus, httpBytes);
            Payload output = readPayload(in);
            Payload errors = readPayload(in);
            byte[] error = readBytes(in, in.readInt());
            String reason = error == null ? null : new String(error, StandardCharsets.UTF_8);
            return new Outcome(item, new Result(status, exit, response, output, errors, reason), millis);
        }
    }

    private static void writePayload(DataOutputStream out, Payload payload) throws IOException {
        switch (payload) {
            case Payload.InMemory inMemory -> writeBytes(out, inMemory.bytes());
            case Payload.OnDisk onDisk -> {
                out.writeInt(ON_DISK);
                out.writeUTF(onDisk.file().toString());
                out.writeLong(onDisk.size());
            }
        }
    }

    private static Payload readPayload(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == ON_DISK
                ? new Payload.OnDisk(Path.of(in.readUTF()), in.readLong())
                : new Payload.InMemory(required(readBytes(in, length)));
    }

    private static void writeBytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(DataInputStream in, int length) throws IOException {
        return length == NULL ? null : in.readNBytes(length);
    }

    private static byte[] required(byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            throw new IOException("a spilled outcome is damaged");
        }
        return bytes;
    }
}
