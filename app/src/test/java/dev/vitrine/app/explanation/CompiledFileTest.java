package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.vitrine.app.Shell;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.OperatorSetIdProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.ValueInfoProto;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.method.Attributions;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code vitrine compile} writes keeps the rules of the ONNX specification (IR.md), for every method. */
class CompiledFileTest {
    private static final int PIXELS = 64;

    /** Single precision, sums in other orders. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void model() {
        model = Shell.model(folder, Architectures.resNet18(new Architectures.Size(1 / 16.0, PIXELS, 10, 1)));
    }

    private static Stream<String> methods() {
        return Attributions.ALL.stream()
                .filter(entry -> entry.standard() instanceof GraphAttribution)
                .map(Attributions.Entry::id);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void isValidAndDependsOnNoOptimization(String method) throws IOException, OrtException {
        Path file = folder.resolve(method + ".onnx");
        vitrine("compile", "-m", model, "--method", method, "--steps", 3, "--samples", 2, "-o", file)
                .succeeds();

        ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(file));
        Set<String> domains = domains(proto);
        checkGraph(proto.getGraph(), domains);
        List<float[]> plain = run(file, OrtSession.SessionOptions.OptLevel.NO_OPT);
        List<float[]> optimized = run(file, OrtSession.SessionOptions.OptLevel.ALL_OPT);
        for (int output = 0; output < plain.size(); output++) {
            assertThat(error(optimized.get(output), plain.get(output)))
                    .as("relative error of output %d with all optimizations to none", output)
                    .isLessThan(TOLERANCE);
        }
    }

    private static Set<String> domains(ModelProto proto) {
        assertThat(proto.getIrVersion()).isEqualTo(10);
        List<String> domains = proto.getOpsetImportList().stream()
                .map(OperatorSetIdProto::getDomain)
                .toList();
        assertThat(domains).doesNotHaveDuplicates().contains("");
        assertThat(proto.getOpsetImportList()).allMatch(opset -> opset.getVersion() >= 1);
        return Set.copyOf(domains);
    }

    private static void checkGraph(GraphProto graph, Set<String> domains) {
        assertThat(graph.getName()).isNotEmpty();
        Set<String> known = new HashSet<>();
        Set<String> read = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            checkType(input);
            assertThat(known.add(input.getName()))
                    .as("input " + input.getName())
                    .isTrue();
        }
        for (TensorProto constant : graph.getInitializerList()) {
            assertThat(known.add(constant.getName()))
                    .as("name of constant " + constant.getName() + " is its own")
                    .isTrue();
            checkConstant(constant);
        }
        Set<String> nodes = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            assertThat(nodes.add(node.getName()))
                    .as("name of node " + node.getName())
                    .isTrue();
            assertThat(domains).contains(node.getDomain());
            List<String> inputs =
                    node.getInputList().stream().filter(name -> !name.isEmpty()).toList();
            assertThat(known).as("known before node " + node.getName()).containsAll(inputs);
            read.addAll(inputs);
            for (String output : node.getOutputList()) {
                assertThat(output.isEmpty() || known.add(output))
                        .as("output " + output + " of node " + node.getName())
                        .isTrue();
            }
            checkAttributes(node);
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            checkType(output);
            assertThat(known).contains(output.getName());
            read.add(output.getName());
        }
        assertThat(graph.getOutputList().stream().map(ValueInfoProto::getName)).doesNotHaveDuplicates();
        assertThat(graph.getInitializerList().stream().map(TensorProto::getName))
                .as("constants that nothing reads")
                .allMatch(read::contains);
    }

    private static void checkType(ValueInfoProto value) {
        assertThat(value.getType().hasTensorType())
                .as("type of " + value.getName())
                .isTrue();
        assertThat(value.getType().getTensorType().getElemType())
                .as("element type of " + value.getName())
                .isPositive();
        assertThat(value.getType().getTensorType().hasShape())
                .as("shape of " + value.getName())
                .isTrue();
        assertThat(value.getType().getTensorType().getShape().getDimList())
                .as("dimensions of " + value.getName())
                .allMatch(dimension -> dimension.hasDimValue() ? dimension.getDimValue() > 0 : dimension.hasDimParam());
    }

    private static void checkConstant(TensorProto constant) {
        long elements =
                constant.getDimsList().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        int bytes = switch (constant.getDataType()) {
            case 1, 6 -> 4;
            case 7, 11 -> 8;
            case 9 -> 1;
            default -> throw new AssertionError(constant.getName() + " has the element type " + constant.getDataType());
        };
        assertThat((long) constant.getRawData().size())
                .as("bytes of constant " + constant.getName())
                .isEqualTo(elements * bytes);
    }

    private static void checkAttributes(NodeProto node) {
        assertThat(node.getAttributeList().stream().map(AttributeProto::getName))
                .as("attributes of " + node.getName())
                .doesNotHaveDuplicates();
        for (AttributeProto attribute : node.getAttributeList()) {
            boolean held = switch (attribute.getType()) {
                case 1 -> attribute.hasF();
                case 2 -> attribute.hasI();
                case 3 -> attribute.hasS();
                case 4 -> attribute.hasT();
                case 6 -> attribute.getFloatsCount() > 0;
                case 7 -> attribute.getIntsCount() > 0;
                case 8 -> attribute.getStringsCount() > 0;
                default -> false;
            };
            assertThat(held)
                    .as("attribute " + attribute.getName() + " of " + node.getName() + " holds a value of its type")
                    .isTrue();
        }
    }

    private static List<float[]> run(Path file, OrtSession.SessionOptions.OptLevel level) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Random random = new Random(5);
        float[] picture = new float[2 * 3 * PIXELS * PIXELS];
        for (int index = 0; index < picture.length; index++) {
            picture[index] = (float) random.nextGaussian();
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            try (OrtSession session = environment.createSession(file.toString(), options);
                    OnnxTensor pictures = OnnxTensor.createTensor(
                            environment, FloatBuffer.wrap(picture), new long[] {2, 3, PIXELS, PIXELS});
                    OnnxTensor targets = OnnxTensor.createTensor(environment, new long[] {3, 7})) {
                List<String> names = List.copyOf(session.getInputNames());
                List<float[]> found = new ArrayList<>();
                try (OrtSession.Result result = session.run(
                        names.size() == 1
                                ? Map.of(names.get(0), pictures)
                                : Map.of(names.get(0), pictures, names.get(1), targets))) {
                    for (int output = 0; output < result.size(); output++) {
                        FloatBuffer values = ((OnnxTensor) result.get(output)).getFloatBuffer();
                        float[] copy = new float[values.remaining()];
                        values.get(copy);
                        found.add(copy);
                    }
                }
                return found;
            }
        }
    }

    /** {@code ‖found − expected‖ / ‖expected‖}. */
    private static double error(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double difference = 0;
        double size = 0;
        for (int index = 0; index < found.length; index++) {
            difference += Math.pow(found[index] - expected[index], 2);
            size += Math.pow(expected[index], 2);
        }
        return size == 0 ? difference : Math.sqrt(difference / size);
    }
}
