package dev.vitrine.engine.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.onnx.proto.SparseTensorProto;
import dev.vitrine.engine.onnx.proto.StringStringEntryProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and writes tensors in their file form. */
final class TensorCodec {
    static final int EXTERNAL = 1;

    /** Maximum dense size of a sparse constant, which can declare any size in a few bytes. */
    private static final long MOST_SPARSE_BYTES = 512L << 20;

    /** How raw data in a file's bytes is held. */
    enum RawData {
        /** Tensors share aligned bytes. */
        SHARED,
        /**
         * Tensors get their own copy. Three quarters of unaligned data must be copied anyway; copying the rest too
         * releases the file's mapping, so that weights are held once.
         */
        COPIED
    }

    private final ExternalData external;
    private final Set<String> narrow = new HashSet<>();
    private final RawData rawData;

    TensorCodec(ExternalData external, RawData rawData) {
        this.external = external;
        this.rawData = rawData;
    }

    static boolean isText(TensorProto proto) {
        return proto.getDataType() == ElementTypes.code(ElementType.STRING);
    }

    static long[] shape(List<Long> dims, String name) {
        long[] shape = dims.stream().mapToLong(Long::longValue).toArray();
        if (Arrays.stream(shape).anyMatch(size -> size < 0)) {
            throw VitrineException.failure("Constant '" + name + "': found shape " + Arrays.toString(shape)
                    + ", expected no negative size. The file is damaged; export the model again.");
        }
        return shape;
    }

    /** Whether a constant has a 4-bit type in the file. */
    boolean isNarrow(String name) {
        return narrow.contains(name);
    }

    private Tensor nibbles(TensorProto proto, ElementType wide, String name) {
        narrow.add(name);
        long[] shape = shape(proto.getDimsList(), name);
        long size = Nibbles.bytes(shape);
        ByteBuffer packed = proto.getDataLocation() == EXTERNAL
                ? external.bytes(name, entries(proto), size)
                : proto.hasRawData() ? proto.getRawData().asReadOnlyByteBuffer() : Nibbles.listed(proto);
        if (packed.remaining() != size) {
            throw mismatch(name, wide, shape, size + " bytes", packed.remaining() + " bytes");
        }
        return Nibbles.widened(packed, wide, shape);
    }

    private static Map<String, String> entries(TensorProto proto) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : proto.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        return entries;
    }

    Tensor read(TensorProto proto, String name) {
        Optional<ElementType> wide = Nibbles.wide(proto.getDataType());
        if (wide.isPresent()) {
            return nibbles(proto, wide.get(), name);
        }
        ElementType type = ElementTypes.of(proto.getDataType())
                .filter(found -> found != ElementType.STRING)
                .orElseThrow(() -> VitrineException.failure("Constant '" + name + "': element type "
                        + ElementTypes.describe(proto.getDataType())
                        + " is not supported. Export the model in float32, float16 or int8."));
        long[] shape = shape(proto.getDimsList(), name);
        long size;
        try {
            size = Math.multiplyExact(Tensor.elements(shape), type.bytes());
        } catch (ArithmeticException e) {
            size = Long.MAX_VALUE;
        }
        if (size > Integer.MAX_VALUE) {
            throw VitrineException.failure("Constant '" + name + "': " + type + Arrays.toString(shape)
                    + " is larger than 2 GiB, the limit for one constant. Export the model with that weight split.");
        }
        if (proto.hasSegment()) {
            throw VitrineException.failure(
                    "Constant '" + name + "': it is stored in segments, which is not supported. Export it whole.");
        }
        if (proto.getDataLocation() == EXTERNAL) {
            return Tensor.wrap(type, shape, usable(external.bytes(name, entries(proto), size), type));
        }
        if (proto.hasRawData()) {
            ByteString raw = proto.getRawData();
            if (raw.size() != size) {
                throw mismatch(name, type, shape, size + " bytes", raw.size() + " bytes");
            }
            ByteBuffer bytes = raw.asReadOnlyByteBuffer();
            return Tensor.wrap(
                    type,
                    shape,
                    switch (rawData) {
                        case SHARED -> usable(bytes, type);
                        case COPIED -> copy(bytes);
                    });
        }
        return typed(proto, type, shape, name);
    }

    /** Elements in direct, aligned memory, as native code requires: the same if they already are, else a copy. */
    private static ByteBuffer usable(ByteBuffer bytes, ElementType type) {
        if (bytes.isDirect()
                && (bytes.remaining() == 0 || bytes.alignmentOffset(bytes.position(), type.bytes()) == 0)) {
            return bytes;
        }
        return copy(bytes);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
        return copy.put(bytes.duplicate()).flip();
    }

    private static Tensor typed(TensorProto proto, ElementType type, long[] shape, String name) {
        int count = Math.toIntExact(Tensor.elements(shape));
        int found = switch (type) {
            case FLOAT32 -> proto.getFloatDataCount();
            case FLOAT64 -> proto.getDoubleDataCount();
            case INT64 -> proto.getInt64DataCount();
            case UINT32, UINT64 -> proto.getUint64DataCount();
            case FLOAT16, BFLOAT16, INT8, INT16, INT32, UINT8, UINT16, BOOL -> proto.getInt32DataCount();
            case STRING -> 0;
        };
        if (found != count) {
            throw mismatch(name, type, shape, count + " elements", found + " elements");
        }
        ByteBuffer bytes = Tensor.allocate(type, shape);
        for (int i = 0; i < count; i++) {
            switch (type) {
                case FLOAT32 -> bytes.putFloat(proto.getFloatData(i));
                case FLOAT64 -> bytes.putDouble(proto.getDoubleData(i));
                case INT64 -> bytes.putLong(proto.getInt64Data(i));
                case UINT64 -> bytes.putLong(proto.getUint64Data(i));
                case UINT32 -> bytes.putInt((int) proto.getUint64Data(i));
                case INT32 -> bytes.putInt(proto.getInt32Data(i));
                case FLOAT16, BFLOAT16, INT16, UINT16 -> bytes.putShort((short) proto.getInt32Data(i));
                case INT8, UINT8, BOOL -> bytes.put((byte) proto.getInt32Data(i));
                case STRING -> throw new IllegalStateException("strings have no bytes");
            }
        }
        return Tensor.wrap(type, shape, bytes.flip());
    }

    private static VitrineException mismatch(
            String name, ElementType type, long[] shape, String expected, String found) {
        return VitrineException.failure("Constant '" + name + "': " + type + Arrays.toString(shape) + " needs "
                + expected + ", found " + found + ". The file is damaged; export or download the model again.");
    }

    /** The dense form of a sparse tensor. */
    Tensor read(SparseTensorProto proto, String name) {
        Tensor values = read(proto.getValues(), name);
        Tensor indices = read(proto.getIndices(), name);
        long[] shape = shape(proto.getDimsList(), name);
        requireSparse(values, indices, shape, name);
        Tensor dense = Tensor.zeros(values.elementType(), shape);
        int width = values.elementType().bytes();
        int coordinates = indices.rank() == 2 ? shape.length : 1;
        long[] at = indices.toLongs();
        ByteBuffer from = values.bytes();
        ByteBuffer to = dense.sharedBytes();
        for (int i = 0; i < values.elements(); i++) {
            long position = 0;
            for (int axis = 0; axis < coordinates; axis++) {
                long place = at[i * coordinates + axis];
                long size = coordinates == 1 ? dense.elements() : shape[axis];
                if (place < 0 || place >= size) {
                    throw VitrineException.failure("Constant '" + name + "': a sparse index is outside its shape "
                            + Arrays.toString(shape) + ". The file is damaged; export the model again.");
                }
                position = position * size + place;
            }
            to.put(Math.toIntExact(position) * width, from, i * width, width);
        }
        return dense;
    }

    private static void requireSparse(Tensor values, Tensor indices, long[] shape, String name) {
        long count = values.elements();
        boolean linear = Arrays.equals(indices.shape(), new long[] {count});
        boolean byAxis = Arrays.equals(indices.shape(), new long[] {count, shape.length});
        if (values.rank() != 1 || indices.elementType() != ElementType.INT64 || !(linear || byAxis)) {
            throw VitrineException.failure("Constant '" + name + "': found sparse values " + values + " at indices "
                    + indices + "; expected a list of values and one int64 index per value, flat or with one number for"
                    + " each of " + shape.length + " dimensions. The file is damaged; export the model again.");
        }
        double bytes = values.elementType().bytes();
        for (long size : shape) {
            bytes *= size;
        }
        if (bytes > MOST_SPARSE_BYTES) {
            throw VitrineException.failure("Constant '" + name + "': a sparse " + values.elementType()
                    + Arrays.toString(shape) + " would take " + String.format(java.util.Locale.ROOT, "%.1e", bytes)
                    + " bytes, more than the limit of " + (MOST_SPARSE_BYTES >> 20)
                    + " MiB. Export that weight dense.");
        }
    }

    static TensorProto.Builder header(String name, Tensor tensor) {
        TensorProto.Builder proto =
                TensorProto.newBuilder().setName(name).setDataType(ElementTypes.code(tensor.elementType()));
        for (long size : tensor.shape()) {
            proto.addDims(size);
        }
        return proto;
    }

    /** The tensor embedded in the file, sharing its elements. */
    static TensorProto write(String name, Tensor tensor) {
        return header(name, tensor)
                .setRawData(UnsafeByteOperations.unsafeWrap(tensor.bytes()))
                .build();
    }

    /** The tensor as a reference to another file. */
    static TensorProto writeExternal(String name, Tensor tensor, String location, long offset) {
        return header(name, tensor)
                .setDataLocation(EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(tensor.bytes().remaining())))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
