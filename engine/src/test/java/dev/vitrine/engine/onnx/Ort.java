package dev.vitrine.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime itself as the judge of what a model means. */
final class Ort {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private Ort() {}

    /** Every f32 output of a model. */
    static Map<String, float[]> run(byte[] model, Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                tensors.put(input.getKey(), tensor(input.getValue()));
            }
            Map<String, float[]> outputs = new LinkedHashMap<>();
            try (OrtSession session = ENVIRONMENT.createSession(model, options);
                    OrtSession.Result result = session.run(tensors)) {
                for (Map.Entry<String, ai.onnxruntime.OnnxValue> entry : result) {
                    FloatBuffer buffer = ((OnnxTensor) entry.getValue()).getFloatBuffer();
                    float[] copy = new float[buffer.remaining()];
                    buffer.get(copy);
                    outputs.put(entry.getKey(), copy);
                }
            }
            return outputs;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** What the runtime says about an output before any run. */
    static long[] inferredShape(byte[] model, String output) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            try (OrtSession session = ENVIRONMENT.createSession(model, options)) {
                return ((TensorInfo) session.getOutputInfo().get(output).getInfo()).getShape();
            }
        }
    }

    private static OnnxTensor tensor(Tensor tensor) throws OrtException {
        return switch (tensor.elementType()) {
            case FLOAT32 -> OnnxTensor.createTensor(ENVIRONMENT, tensor.floats(), tensor.shape());
            case INT64 -> OnnxTensor.createTensor(ENVIRONMENT, tensor.longs(), tensor.shape());
            case BOOL ->
                OnnxTensor.createTensor(ENVIRONMENT, tensor.bytes(), tensor.shape(), ai.onnxruntime.OnnxJavaType.BOOL);
            default -> throw new IllegalArgumentException(tensor.toString());
        };
    }
}
