package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Puts what happens in caches into a recording of the JDK Flight Recorder, where there is one. Loaded with the first event,
 * on the events thread, and the types of the events not before something records.
 */
@SuppressWarnings("UnusedVariable") // The recorder reads the fields of events.
final class FlightRecording implements JwksCacheListener {

    /** What listens in this runtime: nothing where it was built without the recorder. */
    static JwksCacheListener whereAvailable() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
                ? new FlightRecording()
                : new JwksCacheListener() {};
    }

    @Override
    public void refreshed(Refreshed event) {
        if (FlightRecorder.isInitialized()) {
            RefreshEvent recorded = new RefreshEvent();
            recorded.trigger = event.trigger().label();
            recorded.keys = event.keys().size();
            recorded.added = event.change().added().size();
            recorded.removed = event.change().removed().size();
            recorded.skipped = event.keys().skipped().size();
            recorded.document = event.document();
            recorded.documentBytes = event.documentBytes();
            recorded.stored = event.stored();
            recorded.took = nanos(event.took());
            recorded.record(event.address());
        }
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        if (FlightRecorder.isInitialized()) {
            RefreshFailureEvent recorded = new RefreshFailureEvent();
            recorded.trigger = event.trigger().label();
            recorded.reason = event.failure().reason().label();
            recorded.detail = event.failure().detail();
            recorded.state = event.state().label();
            recorded.age = event.age().map(FlightRecording::nanos).orElse(Long.MIN_VALUE);
            recorded.failures = event.failures();
            recorded.nextAttempt = event.nextAttempt().toEpochMilli();
            recorded.record(event.address());
        }
    }

    @Override
    public void keyFirstUsed(KeyFirstUsed event) {
        if (FlightRecorder.isInitialized()) {
            KeyFirstUseEvent recorded = new KeyFirstUseEvent();
            recorded.kid = event.key().kid().map(SafeText::of).orElse(null);
            recorded.thumbprint = event.key().thumbprint();
            recorded.lead = nanos(event.lead());
            recorded.record(event.address());
        }
    }

    @Override
    public void purged(URI address) {
        if (FlightRecorder.isInitialized()) {
            PurgeEvent recorded = new PurgeEvent();
            recorded.record(address);
        }
    }

    @Override
    public void storeFailed(URI address, String error) {
        if (FlightRecorder.isInitialized()) {
            StoreFailureEvent recorded = new StoreFailureEvent();
            recorded.error = error;
            recorded.record(address);
        }
    }

    @Override
    public void storeRecovered(URI address) {
        if (FlightRecorder.isInitialized()) {
            StoreRecoveryEvent recorded = new StoreRecoveryEvent();
            recorded.record(address);
        }
    }

    @Override
    public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
        if (FlightRecorder.isInitialized()) {
            SnapshotRefusalEvent recorded = new SnapshotRefusalEvent();
            recorded.reason = reason.label();
            recorded.detail = detail;
            recorded.record(address);
        }
    }

    private static long nanos(Duration duration) {
        return Moment.saturatedNanos(duration);
    }

    /** What all have in common; the recorder takes it from here, annotations too. */
    @Category("jwks-cache")
    @StackTrace(false)
    private abstract static class CacheEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

        void record(URI of) {
            address = of.toString();
            commit();
        }
    }

    @Name("dev.jwkscache.Refresh")
    @Label("Refresh")
    @Description("A fetch brought a set or confirmed the one at hand, or a newer set was taken from the store")
    private static final class RefreshEvent extends CacheEvent {
        @Label("Trigger")
        @Nullable
        String trigger;

        @Label("Usable Keys")
        int keys;

        @Label("Added Keys")
        int added;

        @Label("Removed Keys")
        int removed;

        @Label("Skipped Entries")
        int skipped;

        @Label("Document Read")
        boolean document;

        @Label("Document Size")
        @DataAmount
        long documentBytes;

        @Label("From Store")
        boolean stored;

        @Label("Took")
        @Timespan
        long took;
    }

    @Name("dev.jwkscache.RefreshFailure")
    @Label("Refresh Failure")
    @Description("A fetch failed; the set at hand stays")
    private static final class RefreshFailureEvent extends CacheEvent {
        @Label("Trigger")
        @Nullable
        String trigger;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Detail")
        @Nullable
        String detail;

        @Label("State")
        @Nullable
        String state;

        @Label("Age of Keys")
        @Timespan
        long age;

        @Label("Failures in a Row")
        int failures;

        @Label("Next Attempt")
        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long nextAttempt;
    }

    @Name("dev.jwkscache.KeyFirstUse")
    @Label("Key First Use")
    @Description("A key that came with a refresh was looked up for the first time")
    private static final class KeyFirstUseEvent extends CacheEvent {
        @Label("Kid")
        @Nullable
        String kid;

        @Label("Thumbprint")
        @Nullable
        String thumbprint;

        @Label("Lead")
        @Timespan
        long lead;
    }

    @Name("dev.jwkscache.Purge")
    @Label("Purge")
    @Description("The keys at hand were purged")
    private static final class PurgeEvent extends CacheEvent {}

    @Name("dev.jwkscache.StoreFailure")
    @Label("Store Failure")
    @Description("A call of the store failed, or did not come back in time")
    private static final class StoreFailureEvent extends CacheEvent {
        @Label("Error")
        @Nullable
        String error;
    }

    @Name("dev.jwkscache.StoreRecovery")
    @Label("Store Recovery")
    @Description("The store works again")
    private static final class StoreRecoveryEvent extends CacheEvent {}

    @Name("dev.jwkscache.SnapshotRefusal")
    @Label("Snapshot Refusal")
    @Description("What the store keeps was not used")
    private static final class SnapshotRefusalEvent extends CacheEvent {
        @Label("Reason")
        @Nullable
        String reason;

        @Label("Detail")
        @Nullable
        String detail;
    }
}
