package dev.vitrine.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.DirectMemory;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts between our tensors and the runtime's. */
final class NativeTensors {
    private NativeTensors() {}

    /** Shares the tensor's memory if it is outside the heap. */
    static OnnxTensor share(OrtEnvironment environment, Tensor tensor) throws OrtException {
        ByteBuffer bytes = tensor.sharedBytes();
        if (!bytes.isDirect()) {
            ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
            copy.put(bytes).flip();
            bytes = copy;
        }
        OnnxJavaType type = javaType(tensor.elementType())
                .orElseThrow(() -> VitrineException.failure("ONNX Runtime's Java interface takes no tensor of "
                        + tensor.elementType() + "; convert it to FLOAT32 or INT64 first."));
        return OnnxTensor.createTensor(environment, bytes, tensor.shape(), type);
    }

    static Tensor copy(OnnxTensor tensor) {
        ElementType type = elementType(tensor.getInfo())
                .orElseThrow(() -> VitrineException.failure("an output of the runtime has no numeric type"));
        ByteBuffer bytes = tensor.getByteBuffer();
        ByteBuffer direct = DirectMemory.allocate(bytes.remaining());
        direct.put(bytes).flip();
        return Tensor.wrap(type, tensor.getInfo().getShape(), direct);
    }

    static boolean isPassable(ElementType type) {
        return javaType(type).isPresent();
    }

    static Optional<TensorType> type(TensorInfo info) {
        long[] shape = info.getShape();
        String[] names = info.getDimensionNames();
        List<Dimension> dimensions = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            String name = names != null && i < names.length && names[i] != null ? names[i] : "";
            dimensions.add(
                    shape[i] >= 0
                            ? Dimension.of(shape[i])
                            : name.isEmpty() ? Dimension.UNKNOWN : Dimension.named(name));
        }
        return elementType(info).map(type -> new TensorType(type, dimensions));
    }

    private static Optional<ElementType> elementType(TensorInfo info) {
        return Optional.ofNullable(
                switch (info.onnxType) {
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> ElementType.FLOAT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> ElementType.FLOAT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> ElementType.FLOAT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> ElementType.BFLOAT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> ElementType.INT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> ElementType.INT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> ElementType.INT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> ElementType.INT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> ElementType.UINT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> ElementType.UINT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> ElementType.UINT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> ElementType.UINT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> ElementType.BOOL;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> ElementType.STRING;
                    default -> null;
                });
    }

    private static Optional<OnnxJavaType> javaType(ElementType type) {
        return Optional.ofNullable(
                switch (type) {
                    case FLOAT32 -> OnnxJavaType.FLOAT;
                    case FLOAT64 -> OnnxJavaType.DOUBLE;
                    case FLOAT16 -> OnnxJavaType.FLOAT16;
                    case BFLOAT16 -> OnnxJavaType.BFLOAT16;
                    case INT8 -> OnnxJavaType.INT8;
                    case UINT8 -> OnnxJavaType.UINT8;
                    case INT16 -> OnnxJavaType.INT16;
                    case INT32 -> OnnxJavaType.INT32;
                    case INT64 -> OnnxJavaType.INT64;
                    case BOOL -> OnnxJavaType.BOOL;
                    case UINT16, UINT32, UINT64, STRING -> null;
                });
    }
}
