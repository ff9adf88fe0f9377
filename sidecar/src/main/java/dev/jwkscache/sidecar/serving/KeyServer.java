package dev.jwkscache.sidecar.serving;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server that clients ask for keys, on one event loop; see ADR 0029. */
public final class KeyServer {
    private static final int BACKLOG = 1024;
    private static final int RECEIVE_BYTES = 2048;
    private static final long SWEEP_MILLIS = 500;
    private static final long POLL_MILLIS = 10;

    private final Configuration configuration;
    private final KeyHandler handler;
    private final Connections connections;
    private final Providers.Watch watch;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("jwks-cache-keys", true), NioIoHandler.newFactory());
    private @Nullable Channel channel;

    /**
     * Makes a server that does not listen yet.
     *
     * @param counter is told of each answer
     */
    public KeyServer(Configuration configuration, Providers providers, RequestCounter counter) {
        this.configuration = configuration;
        handler = new KeyHandler(
                providers,
                new CrossOrigin(configuration.corsOrigins()),
                configuration.rereadWait(),
                configuration.baseAddress(),
                counter,
                System::nanoTime);
        connections = new Connections(configuration.limits());
        watch = providers.watch(new Providers.Watcher() {
            @Override
            public void changed(Provider provider) {}

            @Override
            public void removed(String name) {
                handler.removed(name);
            }
        });
    }

    /**
     * Listens, and returns when it does.
     *
     * @return the port
     * @throws IOException if the address is not to be had
     */
    public int listen() throws IOException {
        Limits limits = configuration.limits();
        HttpDecoderConfig decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.headerBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(RECEIVE_BYTES);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline()
                                .addLast(
                                        new HttpRequestDecoder(decoding.clone()),
                                        new Connection(handler::handle, connections));
                    }
                });
        ChannelFuture bound = bootstrap
                .bind(configuration.keys().host(), configuration.keys().port())
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw cause instanceof IOException io ? io : new IOException(cause);
        }
        channel = bound.channel();
        loop.scheduleWithFixedDelay(
                () -> connections.sweep(System.nanoTime()), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** Stops: nobody is let in any more, and who waits for an answer gets it within this time. Returns when all is closed. */
    public void close(Duration drain) {
        watch.close();
        Channel listening = channel;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        connections.end();
        long end = System.nanoTime() + drain.toNanos();
        while (connections.count() > 0 && System.nanoTime() - end < 0) {
            if (loop.terminationFuture().awaitUninterruptibly(POLL_MILLIS)) {
                return;
            }
        }
        connections.closeAll();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
