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
            recorded.address = event.address().toString();
            recorded.trigger = event.trigger().label();
            recorded.keys = event.keys().size();
            recorded.added = event.change().added().size();
            recorded.removed = event.change().removed().size();
            recorded.skipped = event.keys().skipped().size();
            recorded.document = event.document();
            recorded.documentBytes = event.documentBytes();
            recorded.stored = event.stored();
            recorded.took = nanos(event.took());
            recorded.commit();
        }
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        if (FlightRecorder.isInitialized()) {
            RefreshFailureEvent recorded = new RefreshFailureEvent();
            recorded.address = event.address().toString();
            recorded.trigger = event.trigger().label();
            recorded.reason = event.failure().reason().label();
            recorded.detail = event.failure().detail();
            recorded.state = event.state().label();
            recorded.age = event.age().map(FlightRecording::nanos).orElse(Long.MIN_VALUE);
            recorded.failures = event.failures();
            recorded.nextAttempt = event.nextAttempt().toEpochMilli();
            recorded.commit();
        }
    }

    @Override
    public void keyFirstUsed(KeyFirstUsed event) {
        if (FlightRecorder.isInitialized()) {
            KeyFirstUseEvent recorded = new KeyFirstUseEvent();
            recorded.address = event.address().toString();
            recorded.kid = event.key().kid().map(SafeText::of).orElse(null);
            recorded.thumbprint = event.key().thumbprint();
            recorded.lead = nanos(event.lead());
            recorded.commit();
        }
    }

    @Override
    public void purged(URI address) {
        if (FlightRecorder.isInitialized()) {
            PurgeEvent recorded = new PurgeEvent();
            recorded.address = address.toString();
            recorded.commit();
        }
    }

    @Override
    public void storeFailed(URI address, String error) {
        if (FlightRecorder.isInitialized()) {
            StoreFailureEvent recorded = new StoreFailureEvent();
            recorded.address = address.toString();
            recorded.error = error;
            recorded.commit();
        }
    }

    @Override
    public void storeRecovered(URI address) {
        if (FlightRecorder.isInitialized()) {
            StoreRecoveryEvent recorded = new StoreRecoveryEvent();
            recorded.address = address.toString();
            recorded.commit();
        }
    }

    @Override
    public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
        if (FlightRecorder.isInitialized()) {
            SnapshotRefusalEvent recorded = new SnapshotRefusalEvent();
            recorded.address = address.toString();
            recorded.reason = reason.label();
            recorded.detail = detail;
            recorded.commit();
        }
    }

    private static long nanos(Duration duration) {
        return Moment.saturatedNanos(duration);
    }

    @Name("dev.jwkscache.Refresh")
    @Label("Refresh")
    @Description("A fetch brought a set or confirmed the one at hand, or a newer set was taken from the store")
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class RefreshEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

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
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class RefreshFailureEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

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
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class KeyFirstUseEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

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
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class PurgeEvent extends Event {
        @Label("Address")
        @Nullable
        String address;
    }

    @Name("dev.jwkscache.StoreFailure")
    @Label("Store Failure")
    @Description("A call of the store failed, or did not come back in time")
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class StoreFailureEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

        @Label("Error")
        @Nullable
        String error;
    }

    @Name("dev.jwkscache.StoreRecovery")
    @Label("Store Recovery")
    @Description("The store works again")
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class StoreRecoveryEvent extends Event {
        @Label("Address")
        @Nullable
        String address;
    }

    @Name("dev.jwkscache.SnapshotRefusal")
    @Label("Snapshot Refusal")
    @Description("What the store keeps was not used")
    @Category("jwks-cache")
    @StackTrace(false)
    private static final class SnapshotRefusalEvent extends Event {
        @Label("Address")
        @Nullable
        String address;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Detail")
        @Nullable
        String detail;
    }
}
