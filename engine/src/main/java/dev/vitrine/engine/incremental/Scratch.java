package dev.vitrine.engine.incremental;

import dev.vitrine.engine.tensor.DirectMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.Map;

/** One worker's memory for patches, which no run keeps: allocated once for many batches. */
final class Scratch {
    private final Map<Plan.Patch, ByteBuffer> buffers = new IdentityHashMap<>();

    /** Memory for a patch, in native order, with whatever it held before. */
    ByteBuffer of(Plan.Patch patch, int bytes) {
        ByteBuffer buffer = buffers.get(patch);
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = DirectMemory.allocate(bytes);
            buffers.put(patch, buffer);
        }
        return buffer.slice(0, bytes).order(ByteOrder.nativeOrder());
    }
}
