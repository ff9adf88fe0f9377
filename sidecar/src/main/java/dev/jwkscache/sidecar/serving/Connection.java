package dev.jwkscache.sidecar.serving;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/1.1 (RFC 9112): takes requests without content, and writes their answers in the order of the
 * requests. Lives on one event loop; what the sweep reads is volatile.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");
    /** So many requests may come while the answer to one is awaited. */
    private static final int MOST_WAITING = 32;

    private final Function<HttpRequest, Outcome> handler;
    private final Connections all;
    private final Deque<HttpRequest> waiting = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // Set when it is added to its channel, before anything else happens.
    private volatile ChannelHandlerContext context;

    private boolean closing;
    private volatile boolean awaiting;
    private volatile boolean hasAsked;
    /** Since when the next request is waited for, or the client has not read; nanoseconds as {@link System#nanoTime()}. */
    private volatile long since = System.nanoTime();

    Connection(Function<HttpRequest, Outcome> handler, Connections all) {
        this.handler = handler;
        this.all = all;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        if (!all.letIn(this)) {
            active.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        closing = true;
        all.gone(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        try {
            // What follows the head of a request without content is its empty end.
            if (message instanceof HttpRequest request && !closing) {
                taken(request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        reading.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        // Who does not read is not read from either, and closed when that takes too long.
        changed.channel().config().setAutoRead(changed.channel().isWritable());
        since = System.nanoTime();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failing, Throwable broken) {
        failing.close();
    }

    private void taken(HttpRequest request) {
        if (!awaiting) {
            serve(request);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(request);
        } else {
            close();
        }
    }

    private void serve(HttpRequest request) {
        hasAsked = true;
        Answer fault = fault(request);
        if (fault != null) {
            last(fault, false);
            return;
        }
        Outcome outcome = outcome(request);
        if (outcome instanceof Answer answer) {
            write(request, answer);
        } else if (outcome instanceof Outcome.Later later) {
            awaiting = true;
            later.answer()
                    .whenComplete((answer, failure) -> context.executor()
                            .execute(() -> arrived(request, answer != null ? answer : unforeseen(failure))));
        }
    }

    private Outcome outcome(HttpRequest request) {
        try {
            return handler.apply(request);
        } catch (RuntimeException bug) {
            return unforeseen(bug);
        }
    }

    private static Answer unforeseen(@Nullable Throwable bug) {
        LOG.atError().setCause(bug).log("jwks_request_failed");
        return Answers.refused(500, "this is a bug of the sidecar");
    }

    private void arrived(HttpRequest request, Answer answer) {
        awaiting = false;
        if (closing) {
            return;
        }
        write(request, answer);
        while (!awaiting && !closing && !waiting.isEmpty()) {
            serve(waiting.remove());
        }
        context.flush();
    }

    /** What keeps a request from being looked at; after it the connection is of no use any more. */
    private static @Nullable Answer fault(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            int status = cause instanceof TooLongHttpLineException
                    ? 414
                    : cause instanceof TooLongHttpHeaderException ? 431 : 400;
            return Answers.refused(status, "the request cannot be read");
        }
        if (request.protocolVersion().majorVersion() != 1) {
            return Answers.refused(505, "this is HTTP/1.1");
        }
        boolean content = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || HttpUtil.getContentLength(request, 0L) > 0;
        if (content) {
            return Answers.refused(413, "a request for keys has no content");
        }
        boolean needsHost = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return needsHost && !request.headers().contains(HttpHeaderNames.HOST)
                ? Answers.refused(400, "the request has no Host (RFC 9112 §3.2)")
                : null;
    }

    private void write(HttpRequest request, Answer answer) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        boolean goesOn = request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && HttpUtil.isKeepAlive(request)
                && !all.isEnding();
        if (goesOn) {
            context.write(answer.bytes(head), context.voidPromise());
            since = System.nanoTime();
        } else {
            last(answer, head);
        }
    }

    private void last(Answer answer, boolean head) {
        closing = true;
        ByteBuf bytes = answer.with("Connection", "close").bytes(head);
        context.write(bytes, context.voidPromise());
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes it when what is waited for takes too long: the head of a request, or that the client reads. */
    void closeIfOverdue(long now, Limits limits) {
        boolean reads = context.channel().isWritable();
        long allowed = (hasAsked && reads ? limits.idleTime() : limits.requestTime()).toNanos();
        if (!awaiting && now - since > allowed) {
            close();
        }
    }

    void closeUnlessAwaiting() {
        context.executor().execute(() -> {
            if (!awaiting && !closing) {
                close();
            }
        });
    }

    void close() {
        context.close();
    }
}
