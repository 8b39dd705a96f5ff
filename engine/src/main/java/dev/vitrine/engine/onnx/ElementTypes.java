package dev.vitrine.engine.onnx;

import dev.vitrine.engine.tensor.ElementType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** ONNX's numbers for element types. */
final class ElementTypes {
    private static final Map<ElementType, Integer> CODES = new EnumMap<>(Map.ofEntries(
            Map.entry(ElementType.FLOAT32, 1),
            Map.entry(ElementType.UINT8, 2),
            Map.entry(ElementType.INT8, 3),
            Map.entry(ElementType.UINT16, 4),
            Map.entry(ElementType.INT16, 5),
            Map.entry(ElementType.INT32, 6),
            Map.entry(ElementType.INT64, 7),
            Map.entry(ElementType.STRING, 8),
            Map.entry(ElementType.BOOL, 9),
            Map.entry(ElementType.FLOAT16, 10),
            Map.entry(ElementType.FLOAT64, 11),
            Map.entry(ElementType.UINT32, 12),
            Map.entry(ElementType.UINT64, 13),
            Map.entry(ElementType.BFLOAT16, 16)));
    private static final Map<Integer, ElementType> TYPES = new HashMap<>();
    private static final Map<Integer, String> UNSUPPORTED = Map.of(
            14, "complex64",
            15, "complex128",
            17, "float8e4m3fn",
            18, "float8e4m3fnuz",
            19, "float8e5m2",
            20, "float8e5m2fnuz",
            23, "float4e2m1",
            24, "float8e8m0");

    static {
        CODES.forEach((type, code) -> TYPES.put(code, type));
    }

    private ElementTypes() {}

    static int code(ElementType type) {
        return CODES.get(type);
    }

    static Optional<ElementType> of(int code) {
        return Optional.ofNullable(TYPES.get(code));
    }

    /** How a message names a code that {@link #of} does not know. */
    static String describe(int code) {
        return UNSUPPORTED.getOrDefault(code, "number " + code);
    }
}
