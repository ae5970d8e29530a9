package dev.myrmidon.engine.each;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// Counts the bytes of a body and forgets them.
final class ByteCounter implements HttpResponse.BodySubscriber<Long> {
    private final CompletableFuture<Long> total = new CompletableFuture<>();

    /// A subscriber is called by one thread at a time, each seeing what the last one did.
    private long count;

    @Override
    public CompletionStage<Long> getBody() {
        return total;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            count += buffer.remaining();
        }
    }

    @Override
    public void onError(Throwable e) {
        total.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        total.complete(count);
    }
}
