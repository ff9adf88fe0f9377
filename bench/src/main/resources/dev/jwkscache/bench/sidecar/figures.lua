-- Requests, microseconds, p50, p99, and everything that went wrong, in one line.
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("figures %d %d %.0f %.0f %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
