package dev.vitrine.engine.tensor;

import java.util.Arrays;
import java.util.Optional;

/** Element type of a tensor, with its size in bytes. */
public enum ElementType {
    FLOAT32(4, 1),
    FLOAT64(8, 11),
    FLOAT16(2, 10),
    BFLOAT16(2, 16),
    INT8(1, 3),
    INT16(2, 5),
    INT32(4, 6),
    INT64(8, 7),
    UINT8(1, 2),
    UINT16(2, 4),
    UINT32(4, 12),
    UINT64(8, 13),
    BOOL(1, 9),
    /** Strings; such values pass through a graph, but our tensors cannot hold them. */
    STRING(0, 8);

    private final int bytes;
    private final long code;

    ElementType(int bytes, long code) {
        this.bytes = bytes;
        this.code = code;
    }

    /** The type of an ONNX type number. */
    public static Optional<ElementType> of(long code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    public int bytes() {
        return bytes;
    }

    /** The number by which ONNX names the type in attributes (TensorProto.DataType). */
    public long code() {
        return code;
    }

    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64 || this == FLOAT16 || this == BFLOAT16;
    }
}
