package dev.jwkscache;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a body up to a limit; past it, or when cancelled, the connection is given up. */
final class LimitedBody implements BodySubscriber<byte[]> {
    private final int maxBytes;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean unwanted;

    LimitedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes the body of a 200 that announces no more than the limit; of any other answer nothing. */
    BodySubscriber<byte[]> accept(ResponseInfo head) {
        if (head.statusCode() != 200) {
            unwanted = true;
        } else if (announced(head) > maxBytes) {
            tooLarge();
        }
        return this;
    }

    private static long announced(ResponseInfo head) {
        try {
            return head.headers().firstValueAsLong("Content-Length").orElse(0);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (unwanted) {
            given.cancel();
            body.complete(new byte[0]);
        } else if (body.isDone()) {
            given.cancel();
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (received.size() + buffer.remaining() > maxBytes) {
                tooLarge();
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            received.writeBytes(part);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(received.toByteArray());
    }

    /** Gives the rest of the body up; does nothing once it is complete. */
    void cancel() {
        // First the future, then the subscription: whichever comes second, here or in onSubscribe, cancels.
        boolean incomplete = body.cancel(false);
        Flow.Subscription running = subscription;
        if (running != null && incomplete) {
            running.cancel();
        }
    }

    private void tooLarge() {
        body.completeExceptionally(
                new FetchException(FailureReason.TOO_LARGE, "the document has more than " + maxBytes + " bytes"));
        Flow.Subscription running = subscription;
        if (running != null) {
            running.cancel();
        }
    }
}
