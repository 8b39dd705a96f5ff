package dev.vitrine.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap. The virtual machine gives it back when it collects garbage, which a small heap seldom makes it
 * do; so much is allowed to pile up, then it is told to.
 */
public final class DirectMemory {
    private static final long PILE_BYTES = 128L << 20;

    private static final AtomicLong PILE = new AtomicLong();

    private DirectMemory() {}

    /** Zeroed bytes in native order. */
    public static ByteBuffer allocate(int bytes) {
        // A collection takes as long as the heap is full: the fuller, the seldomer.
        if (PILE.addAndGet(bytes) > PILE_BYTES) {
            Runtime runtime = Runtime.getRuntime();
            if (PILE.get() > runtime.totalMemory() - runtime.freeMemory()) {
                collect();
            }
        }
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Gives back what nobody uses, now. */
    public static void collect() {
        PILE.set(0);
        System.gc();
    }
}
