package dev.vitrine.engine.onnx;

import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Optional;

/** 4-bit constants, packed two per byte with the first in the low nibble, widened to eight bits. */
final class Nibbles {
    private static final int UNSIGNED = 21;
    private static final int SIGNED = 22;

    private Nibbles() {}

    /** The 8-bit type that a 4-bit element type is widened to; empty for other types. */
    static Optional<ElementType> wide(long code) {
        return code == UNSIGNED
                ? Optional.of(ElementType.UINT8)
                : code == SIGNED ? Optional.of(ElementType.INT8) : Optional.empty();
    }

    /** The packed size in bytes. */
    static long bytes(long[] shape) {
        return (Tensor.elements(shape) + 1) / 2;
    }

    /** The packed bytes of a tensor without raw data, from {@code int32_data}. */
    static ByteBuffer listed(TensorProto proto) {
        ByteBuffer bytes = ByteBuffer.allocate(proto.getInt32DataCount());
        proto.getInt32DataList().forEach(pair -> bytes.put(pair.byteValue()));
        return bytes.flip();
    }

    static Tensor widened(ByteBuffer packed, ElementType wide, long[] shape) {
        ByteBuffer bytes = Tensor.allocate(wide, shape);
        for (int i = 0; bytes.hasRemaining(); i++) {
            int pair = packed.get(packed.position() + i / 2);
            int nibble = i % 2 == 0 ? pair & 0xf : pair >> 4 & 0xf;
            bytes.put((byte) (wide == ElementType.INT8 && nibble > 7 ? nibble - 16 : nibble));
        }
        return Tensor.wrap(wide, shape, bytes.flip());
    }
}
