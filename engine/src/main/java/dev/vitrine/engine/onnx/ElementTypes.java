package dev.vitrine.engine.onnx;

import dev.vitrine.engine.tensor.ElementType;
import java.util.Map;
import java.util.Optional;

/** ONNX's numbers for element types. */
final class ElementTypes {
    private static final Map<Integer, String> UNSUPPORTED = Map.of(
            14, "complex64",
            15, "complex128",
            17, "float8e4m3fn",
            18, "float8e4m3fnuz",
            19, "float8e5m2",
            20, "float8e5m2fnuz",
            23, "float4e2m1",
            24, "float8e8m0");

    private ElementTypes() {}

    static int code(ElementType type) {
        return (int) type.code();
    }

    static Optional<ElementType> of(int code) {
        return ElementType.of(code);
    }

    /** The name, in messages, of a code unknown to {@link #of}. */
    static String describe(int code) {
        return UNSUPPORTED.getOrDefault(code, "number " + code);
    }
}
