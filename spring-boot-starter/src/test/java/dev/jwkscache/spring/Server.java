package dev.jwkscache.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A whole application that runs on a free port of 127.0.0.1. */
final class Server implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    private final ConfigurableApplicationContext context;

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Plan of(WebApplicationType type) {
        return new Plan(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    HttpResponse<String> get(String token) throws IOException, InterruptedException {
        return HTTP.send(request(token), BodyHandlers.ofString());
    }

    int status(String token) throws IOException, InterruptedException {
        return get(token).statusCode();
    }

    CompletableFuture<HttpResponse<String>> getAsync(String token) {
        return HTTP.sendAsync(request(token), BodyHandlers.ofString());
    }

    HttpResponse<String> getWithoutToken() throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri()).build(), BodyHandlers.ofString());
    }

    private HttpRequest request(String token) {
        return HttpRequest.newBuilder(uri())
                .header("Authorization", "Bearer " + token)
                .build();
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/hello");
    }

    @Override
    public void close() {
        context.close();
    }

    /** What an application is to be like. */
    static final class Plan {
        private final WebApplicationType type;
        private final List<Class<?>> sources = new ArrayList<>(List.of(HelloApplication.class));
        private final List<String> properties = new ArrayList<>(List.of(
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "spring.main.log-startup-info=false",
                "spring.reactor.netty.shutdown-quiet-period=0"));
        private final List<Object> beans = new ArrayList<>();

        private Plan(WebApplicationType type) {
            this.type = type;
        }

        Plan with(Class<?> source) {
            sources.add(source);
            return this;
        }

        Plan property(String name, Object value) {
            properties.add(name + "=" + value);
            return this;
        }

        Plan bean(Object bean) {
            beans.add(bean);
            return this;
        }

        Server start() {
            return new Server(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                    .web(type)
                    .initializers(context -> beans.forEach(bean -> register((GenericApplicationContext) context, bean)))
                    .run(properties.stream().map(property -> "--" + property).toArray(String[]::new)));
        }

        @SuppressWarnings("unchecked")
        private static <T> void register(GenericApplicationContext context, T bean) {
            context.registerBean("test" + System.identityHashCode(bean), (Class<T>) bean.getClass(), () -> bean);
        }
    }
}
