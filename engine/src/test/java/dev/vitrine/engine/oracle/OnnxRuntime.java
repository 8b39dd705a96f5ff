package dev.vitrine.engine.oracle;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.NDArray.Kind;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Evaluates a graph by ONNX Runtime itself, without its optimizations, to hold the interpreter against. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    static Map<Value, NDArray> evaluate(Graph graph, Map<Value, NDArray> inputs) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setIntraOpNumThreads(1);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            Map<String, OnnxTensor> fed = new HashMap<>();
            try (OrtSession session = environment.createSession(OnnxWriter.toBytes(graph), options)) {
                for (Value input : graph.inputs()) {
                    fed.put(input.name(), toNative(environment, inputs.get(input)));
                }
                try (OrtSession.Result result = session.run(fed)) {
                    Map<Value, NDArray> outputs = new LinkedHashMap<>();
                    for (Value output : graph.outputs()) {
                        outputs.put(output, fromNative((OnnxTensor)
                                result.get(output.name()).orElseThrow()));
                    }
                    return outputs;
                }
            } finally {
                fed.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException exception) {
            throw new IllegalStateException(exception);
        }
    }

    private static OnnxTensor toNative(OrtEnvironment environment, NDArray array) throws OrtException {
        Tensor tensor = array.toTensor();
        OnnxJavaType type = switch (array.kind()) {
            case REAL -> OnnxJavaType.FLOAT;
            case INTEGER -> OnnxJavaType.INT64;
            case BOOLEAN -> OnnxJavaType.BOOL;
        };
        return OnnxTensor.createTensor(environment, tensor.sharedBytes(), tensor.shape(), type);
    }

    private static NDArray fromNative(OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        double[] data = new double[NDArray.count(shape)];
        OnnxJavaType type = tensor.getInfo().type;
        if (type == OnnxJavaType.FLOAT) {
            FloatBuffer floats = tensor.getFloatBuffer();
            for (int i = 0; i < data.length; i++) {
                data[i] = floats.get(i);
            }
            return new NDArray(data, shape);
        }
        if (type == OnnxJavaType.INT64) {
            LongBuffer longs = tensor.getLongBuffer();
            for (int i = 0; i < data.length; i++) {
                data[i] = longs.get(i);
            }
            return new NDArray(data, shape, Kind.INTEGER);
        }
        if (type == OnnxJavaType.BOOL) {
            ByteBuffer bytes = tensor.getByteBuffer();
            for (int i = 0; i < data.length; i++) {
                data[i] = bytes.get(i);
            }
            return new NDArray(data, shape, Kind.BOOLEAN);
        }
        throw new IllegalStateException("an output of " + type);
    }
}
