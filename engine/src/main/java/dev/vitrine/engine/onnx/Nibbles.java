package dev.vitrine.engine.onnx;

import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Constants of four bits, two in a byte, the first in the lower half: read as numbers of eight bits. */
final class Nibbles {
    private static final int UNSIGNED = 21;
    private static final int SIGNED = 22;

    private Nibbles() {}

    /** What numbers of four bits are read as, if that is an element type of them. */
    static Optional<ElementType> wide(long code) {
        return code == UNSIGNED
                ? Optional.of(ElementType.UINT8)
                : code == SIGNED ? Optional.of(ElementType.INT8) : Optional.empty();
    }

    /** How many bytes so many numbers take. */
    static long bytes(long[] shape) {
        return (Tensor.elements(shape) + 1) / 2;
    }

    /** The bytes of a tensor that lists its elements in place of raw data. */
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
