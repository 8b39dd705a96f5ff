package dev.vitrine.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap. Garbage collection releases it, but a small heap seldom triggers one; beyond a bound of
 * allocations this class requests it.
 */
public final class DirectMemory {
    private static final long PILE_BYTES = 128L << 20;

    /** Bytes of a cache line: vectors that cross two take the processor longer. */
    private static final int LINE = 64;

    private static final AtomicLong PILE = new AtomicLong();

    private DirectMemory() {}

    /** Zeroed bytes in native order. */
    public static ByteBuffer allocate(int bytes) {
        // The cost of a collection grows with the used heap: the fuller it is, the less often.
        if (PILE.addAndGet(bytes) > PILE_BYTES) {
            Runtime runtime = Runtime.getRuntime();
            if (PILE.get() > runtime.totalMemory() - runtime.freeMemory()) {
                collect();
            }
        }
        int whole = Math.addExact(bytes, 2 * LINE - 1);
        return ByteBuffer.allocateDirect(whole)
                .alignedSlice(LINE)
                .slice(0, bytes)
                .order(ByteOrder.nativeOrder());
    }

    /** Releases unreferenced memory now. */
    public static void collect() {
        PILE.set(0);
        System.gc();
    }
}
