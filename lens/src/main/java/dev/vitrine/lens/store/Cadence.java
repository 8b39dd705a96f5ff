package dev.vitrine.lens.store;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to save what is done: every so often, and less often where saving takes long, so that it takes a twentieth of the
 * time at most, as long as no more is lost than somebody would mind.
 */
public final class Cadence {
    private static final int SHARE = 20;

    private final long least;
    private final long most;
    private final LongSupplier nanos;
    private long saved;
    private long cost;

    Cadence(Duration least, Duration most, LongSupplier nanos) {
        this.least = least.toNanos();
        this.most = most.toNanos();
        this.nanos = nanos;
        this.saved = nanos.getAsLong();
    }

    /** Loses about half a minute of work, at most one minute. */
    public static Cadence usual() {
        return new Cadence(Duration.ofSeconds(25), Duration.ofSeconds(50), System::nanoTime);
    }

    /** For parts that are small: loses five seconds of work as a rule, less than a minute at most. */
    public static Cadence brisk() {
        return new Cadence(Duration.ofSeconds(5), Duration.ofSeconds(50), System::nanoTime);
    }

    /** Saves after every piece of work. */
    public static Cadence always() {
        return new Cadence(Duration.ZERO, Duration.ZERO, System::nanoTime);
    }

    /** Saves if it is due. */
    public void pass(Runnable save) {
        if (nanos.getAsLong() - saved >= Math.max(least, Math.min(most, SHARE * cost))) {
            long begun = nanos.getAsLong();
            save.run();
            saved = nanos.getAsLong();
            cost = saved - begun;
        }
    }
}
