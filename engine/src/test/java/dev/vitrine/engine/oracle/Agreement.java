package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Holds ONNX Runtime, with all its optimizations and in single precision, against the interpreter. */
public final class Agreement {
    private Agreement() {}

    /** Runs a graph as the program does. */
    public static Map<Value, NDArray> run(Graph graph, Map<Value, NDArray> inputs) {
        Map<Value, Tensor> tensors = new HashMap<>();
        inputs.forEach((value, array) -> tensors.put(value, array.toTensor()));
        try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
            Map<Value, NDArray> results = new LinkedHashMap<>();
            executable.run(tensors).forEach((value, tensor) -> results.put(value, NDArray.of(tensor)));
            return results;
        }
    }

    /** The same numbers in single precision. */
    public static Map<Value, NDArray> rounded(Map<Value, NDArray> inputs) {
        Map<Value, NDArray> rounded = new HashMap<>();
        inputs.forEach((value, array) -> rounded.put(value, NDArray.of(array.toTensor())));
        return rounded;
    }

    /** Fails where an output differs by more than {@code tolerance} of the greatest element of that output. */
    public static void check(Graph graph, Map<Value, NDArray> inputs, double tolerance) {
        Map<Value, NDArray> same = rounded(inputs);
        Map<Value, NDArray> found = run(graph, same);
        Map<Value, NDArray> expected = Interpreter.evaluate(graph, same);
        for (Value output : graph.outputs()) {
            check(output.name(), found.get(output), expected.get(output), tolerance);
        }
    }

    /** Fails where the arrays differ by more than {@code tolerance} of the greatest expected element. */
    public static void check(String name, NDArray found, NDArray expected, double tolerance) {
        if (!Arrays.equals(found.shape(), expected.shape())) {
            throw new AssertionError("'" + name + "': expected " + expected + ", found " + found);
        }
        double scale = Arrays.stream(expected.data()).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            double error = Math.abs(found.data()[i] - expected.data()[i]);
            if (!(error <= tolerance * scale + 1e-6)) {
                throw new AssertionError("'" + name + "' at " + i + ": expected " + expected.data()[i] + ", found "
                        + found.data()[i] + "; the greatest is " + scale);
            }
        }
    }
}
