package dev.jwkscache.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a refused start as Boot shows its own: what is wrong, and what to do. */
final class JwksCacheStartFailureAnalyzer extends AbstractFailureAnalyzer<JwksCacheStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, JwksCacheStartException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
