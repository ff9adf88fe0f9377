package dev.jwkscache.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches by how many issuers the properties name, Spring Boot's own among them. */
abstract class OnIssuersCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        int count = NamedIssuer.count(context.getEnvironment());
        return new ConditionOutcome(
                matches(count),
                ConditionMessage.forCondition("Issuers of jwks-cache").because(count + " in the properties"));
    }

    abstract boolean matches(int count);

    /** The properties name one issuer. */
    static final class One extends OnIssuersCondition {
        @Override
        boolean matches(int count) {
            return count == 1;
        }
    }

    /** The properties name several issuers. */
    static final class Several extends OnIssuersCondition {
        @Override
        boolean matches(int count) {
            return count > 1;
        }
    }
}
