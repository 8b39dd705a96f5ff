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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.TypeProto;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A flag of 2 or −1 is read as the runtime reads it: it gives what 1 gives, or what 0 gives. */
class FlagsTest {
    private record Case(NodeProto node, String flag, long[] shape, List<Tensor> constants) {
        byte[] with(long value) {
            Object[] dimensions = Arrays.stream(shape).boxed().toArray();
            NodeProto.Builder flagged = node.toBuilder().addAttribute(integer(flag, value));
            TypeProto real = TypeProto.newBuilder()
                    .setTensorType(TypeProto.Tensor.newBuilder().setElemType(Protos.FLOAT))
                    .build();
            GraphProto.Builder graph =
                    graph("g").addInput(info("x", Protos.FLOAT, dimensions)).addNode(flagged);
            for (int i = 0; i < constants.size(); i++) {
                graph.addInitializer(constant("k" + i, constants.get(i)));
            }
            return model(21, graph.addOutput(info("y").toBuilder().setType(real)))
                    .build()
                    .toByteArray();
        }

        @Override
        public String toString() {
            return node.getOpType() + " " + flag;
        }
    }

    private static Case of(NodeProto node, String flag, long[] shape, Tensor... constants) {
        return new Case(node, flag, shape, List.of(constants));
    }

    private static Tensor numbers(long... shape) {
        Random random = new Random(2);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() - .4f;
        }
        return Tensor.floats(data, shape);
    }

    static List<Case> cases() {
        long[] square = {3, 3};
        long[] map = {1, 1, 6, 6};
        AttributeProto window = integers("kernel_shape", 3, 3);
        AttributeProto strides = integers("strides", 2, 2);
        AttributeProto pads = integers("pads", 1, 1, 1, 1);
        List<Case> cases = new ArrayList<>();
        cases.add(of(node("Gemm", "x k0", "y"), "transA", square, numbers(3, 3)));
        cases.add(of(node("Gemm", "x k0", "y"), "transB", square, numbers(3, 3)));
        cases.add(of(node("AveragePool", "x", "y", window, pads), "count_include_pad", map));
        cases.add(of(node("AveragePool", "x", "y", window, strides), "ceil_mode", map));
        cases.add(of(node("MaxPool", "x", "y", window, strides), "ceil_mode", map));
        cases.add(of(node("ReduceMean", "x k0", "y"), "keepdims", square, Tensor.vector(1)));
        cases.add(of(node("ReduceSum", "x", "y"), "noop_with_empty_axes", square));
        cases.add(of(node("GridSample", "x k0", "y"), "align_corners", map, numbers(1, 2, 2, 2)));
        AttributeProto cubic = text("mode", "cubic");
        Tensor sizes = Tensor.vector(1, 1, 3, 3);
        cases.add(of(node("Resize", "x _ _ k0", "y", cubic), "antialias", map, sizes));
        cases.add(of(node("Resize", "x _ _ k0", "y", cubic), "exclude_outside", map, sizes));
        cases.add(of(node("TopK", "x k0", "y i"), "largest", square, Tensor.vector(2)));
        cases.add(of(node("Trilu", "x", "y"), "upper", square));
        AttributeProto hidden = integer("hidden_size", 2);
        Tensor weights = numbers(1, 6, 3);
        cases.add(of(
                node("GRU", "x k0 k1 k2", "y", hidden),
                "linear_before_reset",
                new long[] {2, 1, 3},
                weights,
                numbers(1, 6, 2),
                numbers(1, 12)));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadAsTheRuntimeReadsIt(Case each) throws Exception {
        Map<String, Tensor> x = Map.of("x", numbers(each.shape()));
        float[] no = y(each.with(0), x);
        float[] yes = y(each.with(1), x);
        // keepdims changes the shape only
        boolean shapeOnly = Arrays.equals(no, yes);
        for (long value : new long[] {2, -1, 256}) {
            Graph read = OnnxReader.read(each.with(value));
            boolean taken = shapeOnly
                    ? Arrays.equals(shape(each.with(value)), shape(each.with(1)))
                    : Arrays.equals(y(each.with(value), x), yes);
            assertThat(read).as("%d", value).isEqualTo(OnnxReader.read(each.with(taken ? 1 : 0)));
        }
    }

    private static long[] shape(byte[] model) throws Exception {
        return Ort.inferredShape(model, "y");
    }

    private static float[] y(byte[] model, Map<String, Tensor> inputs) throws Exception {
        return Ort.run(model, inputs).get("y");
    }

    /** Flags of which the runtime refuses every other value, so that no gradient can read them differently. */
    @ParameterizedTest
    @CsvSource({"CumSum, exclusive, 2", "CumSum, reverse, -1", "Mod, fmod, 2"})
    void isRefusedWhereTheRuntimeRefusesIt(String operator, String flag, long value) {
        Tensor other = operator.equals("CumSum") ? Tensor.scalar(1L) : numbers(3, 3);
        Case refused = of(node(operator, "x k0", "y"), flag, new long[] {3, 3}, other);
        assertThatThrownBy(() -> {
                    Graph graph = TypeInference.infer(OnnxReader.read(refused.with(value)));
                    try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
                        executable.run(Map.of(new Value("x"), numbers(3, 3)));
                    }
                })
                .isInstanceOf(VitrineException.class);
    }
}
