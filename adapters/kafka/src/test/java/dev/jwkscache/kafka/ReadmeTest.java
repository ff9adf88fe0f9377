package dev.jwkscache.kafka;

import dev.jwkscache.contract.ReadmeContract;
import java.util.List;

class ReadmeTest extends ReadmeContract {

    @Override
    protected List<String> imports() {
        return List.of(
                "dev.jwkscache.kafka.*",
                "org.apache.kafka.common.KafkaException",
                "org.apache.kafka.common.security.oauthbearer.*");
    }

    @Override
    protected List<String> given() {
        return List.of();
    }
}
