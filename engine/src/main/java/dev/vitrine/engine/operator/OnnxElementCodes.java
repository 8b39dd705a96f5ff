package dev.vitrine.engine.operator;

import dev.vitrine.engine.tensor.ElementType;

/** The numbers by which ONNX names element types in attributes (TensorProto.DataType). */
public final class OnnxElementCodes {
    public static final long FLOAT = 1;
    public static final long INT64 = 7;

    private OnnxElementCodes() {}

    public static long code(ElementType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> INT64;
            case STRING -> 8;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case BFLOAT16 -> 16;
        };
    }
}
