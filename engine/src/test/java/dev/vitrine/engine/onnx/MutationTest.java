package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.constant;
import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.integer;
import static dev.vitrine.engine.onnx.Protos.integers;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static dev.vitrine.engine.onnx.Protos.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged models are read, typed and run, or refused by name; the process outlives all of them. */
class MutationTest {
    private static final int MUTANTS = 400;

    /** Inputs of more elements are not made here. */
    private static final double LARGEST_INPUT = 1e6;

    record Original(String name, byte[] model) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Tensor numbers(long... shape) {
        Random random = new Random(5);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() - .5f;
        }
        return Tensor.floats(data, shape);
    }

    private static GraphProto.Builder picture() {
        return graph("g").addInput(info("x", Protos.FLOAT, "N", 3, 8, 8)).addOutput(info("y"));
    }

    static List<Original> originals() {
        GraphProto.Builder convolutions = picture()
                .addInitializer(constant("w", numbers(4, 3, 3, 3)))
                .addInitializer(constant("b", numbers(4)))
                .addInitializer(constant("t", numbers(4, 2, 2, 2)))
                .addNode(node("Conv", "x w b", "c", integers("pads", 1, 1, 1, 1), integers("strides", 2, 2)))
                .addNode(node("Relu", "c", "r"))
                .addNode(node("ConvTranspose", "r t", "u", integers("strides", 2, 2)))
                .addNode(node("MaxPool", "u", "m", integers("kernel_shape", 3, 3), integer("ceil_mode", 1)))
                .addNode(node("AveragePool", "m", "y", integers("kernel_shape", 2, 2), integers("pads", 1, 0, 1, 0)));
        GraphProto.Builder movements = picture()
                .addInitializer(constant("from", Tensor.vector(0, 1)))
                .addInitializer(constant("to", Tensor.vector(9, 7)))
                .addInitializer(constant("axes", Tensor.vector(2, 3)))
                .addInitializer(constant("steps", Tensor.vector(2, 1)))
                .addInitializer(constant("pads", Tensor.vector(0, 0, 1, 1, 0, 0, 0, -1)))
                .addInitializer(constant("scales", Tensor.floats(new float[] {1, 1, 2, 2}, 4)))
                .addInitializer(constant("rows", Tensor.vector(0, 2, -1)))
                .addInitializer(constant("shape", Tensor.vector(0, -1)))
                .addInitializer(constant("k", Tensor.vector(2)))
                .addNode(node("Slice", "x from to axes steps", "s"))
                .addNode(node("Pad", "s pads", "p", text("mode", "reflect")))
                .addNode(node("Resize", "p _ scales", "r", text("mode", "linear")))
                .addNode(node("Gather", "r rows", "g", integer("axis", 2)))
                .addNode(node("Split", "g", "a b", integer("axis", 3)))
                .addNode(node("Concat", "b a", "c", integer("axis", 1)))
                .addNode(node("Transpose", "c", "t", integers("perm", 0, 2, 3, 1)))
                .addNode(node("TopK", "t k", "v i", integer("axis", 3)))
                .addNode(node("Reshape", "v shape", "y"));
        GraphProto.Builder dense = picture()
                .addInitializer(constant("w", numbers(192, 6)))
                .addInitializer(constant("z", numbers(6)))
                .addInitializer(constant("axis", Tensor.vector(1)))
                .addInitializer(constant("depth", Tensor.vector(6)))
                .addNode(node("Flatten", "x", "f"))
                .addNode(node("Gemm", "f w z", "g", Protos.real("alpha", .5f)))
                .addNode(node("LayerNormalization", "g z z", "l"))
                .addNode(node("Softmax", "l", "s"))
                .addNode(node("Sum", "s l g", "a"))
                .addNode(node("Einsum", "a a", "e", text("equation", "ni,nj->nij")))
                .addNode(node("ReduceMean", "e axis", "y", integer("keepdims", 0)));
        GraphProto body = graph("body")
                .addInput(info("i", Protos.INT64))
                .addInput(info("more", 9))
                .addInput(info("state", Protos.FLOAT))
                .addOutput(info("more"))
                .addOutput(info("next"))
                .addNode(node("Add", "state x", "next"))
                .build();
        GraphProto.Builder loops = picture()
                .addInitializer(constant("times", Tensor.scalar(3L)))
                .addInitializer(constant("h", numbers(1, 12, 8)))
                .addInitializer(constant("r", numbers(1, 12, 3)))
                .addInitializer(constant("to", Tensor.vector(8, -1, 8)))
                .addNode(node("Loop", "times _ x", "l", Protos.graph("body", body)))
                .addNode(node("Reshape", "l to", "q"))
                .addNode(node("LSTM", "q h r", "y", integer("hidden_size", 3)));
        return List.of(
                new Original("convolutions", model(13, convolutions).build().toByteArray()),
                new Original("movements", model(17, movements).build().toByteArray()),
                new Original("dense", model(18, dense).build().toByteArray()),
                new Original("loops", model(14, loops).build().toByteArray()));
    }

    @ParameterizedTest
    @MethodSource("originals")
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endInAnAnswerOrARefusal(Original original) {
        run(original.model());
        int ran = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            byte[] mutant = Mutants.of(original.model(), seed);
            try {
                run(mutant);
                ran++;
            } catch (VitrineException named) {
                assertThat(named.getMessage()).as("seed %d", seed).isNotBlank();
            } catch (RuntimeException other) {
                fail("seed " + seed, other);
            }
        }
        // Some damages change only numbers, most make no model.
        assertThat(ran).isBetween(MUTANTS / 50, MUTANTS);
    }

    static void run(byte[] model) {
        Graph typed = TypeInference.infer(OnnxReader.read(model));
        Map<Value, Tensor> inputs = new HashMap<>();
        for (Value input : typed.inputs()) {
            long[] shape = LongStream.of(typed.types().get(input).shape())
                    .map(size -> size < 0 ? 2 : size)
                    .toArray();
            if (LongStream.of(shape).asDoubleStream().reduce(1, (a, b) -> a * b) > LARGEST_INPUT) {
                return;
            }
            inputs.put(input, Tensor.zeros(typed.types().get(input).elementType(), shape));
        }
        try (Executable executable = new OnnxRuntimeRunner().load(typed)) {
            executable.run(inputs);
        }
    }
}
