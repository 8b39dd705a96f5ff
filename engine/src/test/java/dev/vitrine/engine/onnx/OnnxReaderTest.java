package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.constant;
import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.integer;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static dev.vitrine.engine.onnx.Protos.opset;
import static dev.vitrine.engine.onnx.Protos.real;
import static dev.vitrine.engine.onnx.Protos.reference;
import static dev.vitrine.engine.onnx.Protos.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withPrecision;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.proto.FunctionProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.SparseTensorProto;
import dev.vitrine.engine.onnx.proto.StringStringEntryProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.rewrite.weight.ToFloat32;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxReaderTest {
    @TempDir
    Path folder;

    private static GraphProto.Builder vectorGraph() {
        return graph("g").addInput(info("x", Protos.FLOAT, "N", 2)).addOutput(info("y", Protos.FLOAT, "N", 2));
    }

    private static Graph read(ModelProto.Builder model) {
        return OnnxReader.read(model.build().toByteArray());
    }

    private static Graph read(GraphProto.Builder graph) {
        return read(model(17, graph));
    }

    @Test
    void keepsSymbolicSizesAndNamesUnnamedNodes() {
        Graph graph = read(vectorGraph()
                .addNode(node("Relu", "x", "a"))
                .addNode(node("Relu", "a", "b").toBuilder().setName("a"))
                .addNode(node("Relu", "b", "y").toBuilder().setName("a")));

        assertThat(graph.type(new Value("x")))
                .contains(new TensorType(ElementType.FLOAT32, List.of(Dimension.named("N"), Dimension.of(2))));
        assertThat(graph.nodes().stream().map(Node::name)).containsExactly("a_1", "a", "a_2");
    }

    @Test
    void ordersNodesByWhatTheyRead() {
        Graph graph = read(vectorGraph()
                .addNode(node("Add", "a b", "y"))
                .addNode(node("Relu", "x", "a"))
                .addNode(node("Neg", "a", "b")));

        assertThat(graph.nodes().stream().map(Node::opType)).containsExactly("Relu", "Neg", "Add");
    }

    @Test
    void inputsThatAreInitializersAreConstants() {
        Graph graph = read(model(
                8,
                vectorGraph()
                        .addInput(info("w", Protos.FLOAT, 2))
                        .addInitializer(constant("w", Tensor.floats(new float[] {1, 2}, 2)))
                        .addInitializer(constant("unread", Tensor.scalar(1f)))
                        .addNode(node("Mul", "x w", "y"))));

        assertThat(graph.inputs()).containsExactly(new Value("x"));
        assertThat(graph.constants()).containsOnlyKeys(new Value("w"));
    }

    @Test
    void readsEveryFormOfConstant() {
        TensorProto.Builder list = TensorProto.newBuilder().addDims(2);
        GraphProto.Builder graph = graph("g")
                .addInitializer(list.clone()
                        .setName("f32")
                        .setDataType(1)
                        .addFloatData(1.5f)
                        .addFloatData(-2))
                .addInitializer(list.clone()
                        .setName("f64")
                        .setDataType(11)
                        .addDoubleData(1.5)
                        .addDoubleData(-2))
                .addInitializer(list.clone()
                        .setName("i64")
                        .setDataType(7)
                        .addInt64Data(-5)
                        .addInt64Data(1L << 40))
                .addInitializer(list.clone()
                        .setName("i8")
                        .setDataType(3)
                        .addInt32Data(-5)
                        .addInt32Data(127))
                .addInitializer(list.clone()
                        .setName("u32")
                        .setDataType(12)
                        .addUint64Data(5)
                        .addUint64Data(0xffffffffL))
                .addInitializer(list.clone()
                        .setName("f16")
                        .setDataType(10)
                        .addInt32Data(0x3c00)
                        .addInt32Data(0xfc00))
                .addInitializer(list.clone()
                        .setName("bool")
                        .setDataType(9)
                        .addInt32Data(1)
                        .addInt32Data(0))
                .addSparseInitializer(SparseTensorProto.newBuilder()
                        .setValues(constant("sparse", Tensor.floats(new float[] {3, 4}, 2)))
                        .setIndices(constant("", Tensor.longs(new long[] {0, 1, 1, 0}, 2, 2)))
                        .addDims(2)
                        .addDims(2))
                .addNode(node("Constant", "", "tensor", tensor("value", constant("", Tensor.vector(4, 5)))))
                .addNode(node("Constant", "", "float", real("value_float", 2)))
                .addNode(node("Constant", "", "floats", Protos.reals("value_floats", 2, 3)))
                .addNode(node("Constant", "", "int", integer("value_int", 2)))
                .addNode(node("Constant", "", "ints", Protos.integers("value_ints", 2, 3)))
                .addNode(node(
                        "Constant",
                        "",
                        "text",
                        tensor(
                                "value",
                                TensorProto.newBuilder()
                                        .setDataType(8)
                                        .addDims(1)
                                        .addStringData(ByteString.copyFromUtf8("ü"))
                                        .build())));
        List<String> names = List.of(
                "f32", "f64", "i64", "i8", "u32", "f16", "bool", "sparse", "tensor", "float", "floats", "int", "ints",
                "text");
        names.forEach(name -> graph.addOutput(info(name)));

        Graph read = read(graph);

        assertThat(read.constants())
                .containsEntry(new Value("f32"), Tensor.floats(new float[] {1.5f, -2}, 2))
                .containsEntry(
                        new Value("f64"),
                        of(ElementType.FLOAT64, 16, b -> b.putDouble(1.5).putDouble(-2)))
                .containsEntry(new Value("i64"), Tensor.vector(-5, 1L << 40))
                .containsEntry(
                        new Value("i8"),
                        of(ElementType.INT8, 2, b -> b.put((byte) -5).put((byte) 127)))
                .containsEntry(
                        new Value("u32"),
                        of(ElementType.UINT32, 8, b -> b.putInt(5).putInt(-1)))
                .containsEntry(
                        new Value("f16"),
                        of(
                                ElementType.FLOAT16,
                                4,
                                b -> b.putShort((short) 0x3c00).putShort((short) 0xfc00)))
                .containsEntry(
                        new Value("bool"),
                        of(ElementType.BOOL, 2, b -> b.put((byte) 1).put((byte) 0)))
                .containsEntry(new Value("sparse"), Tensor.floats(new float[] {0, 3, 4, 0}, 2, 2))
                .containsEntry(new Value("tensor"), Tensor.vector(4, 5))
                .containsEntry(new Value("float"), Tensor.scalar(2f))
                .containsEntry(new Value("floats"), Tensor.floats(new float[] {2, 3}, 2))
                .containsEntry(new Value("int"), Tensor.scalar(2L))
                .containsEntry(new Value("ints"), Tensor.vector(2, 3))
                .hasSize(13);
        assertThat(read.nodes()).hasSize(1);
        assertThat(read.nodes().get(0).attributes().values())
                .isEqualTo(Map.of("value_strings", new AttributeValue.OfTexts(List.of("ü"))));
        assertThat(OnnxReader.read(OnnxWriter.toBytes(read))).isEqualTo(read);
    }

    private static Tensor of(ElementType type, int size, Consumer<ByteBuffer> fill) {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        fill.accept(bytes);
        return Tensor.wrap(type, new long[] {2}, bytes.flip());
    }

    @Test
    void weightsOfAFileAreAlignedWhereverTheyLie() throws IOException {
        for (int padding = 0; padding < 8; padding++) {
            Path file = folder.resolve("m" + padding);
            GraphProto.Builder graph = vectorGraph()
                    .addInitializer(constant("w", Tensor.floats(new float[] {1, 2}, 2)))
                    .addNode(node("Mul", "x w", "y"));
            Files.write(
                    file,
                    model(17, graph)
                            .setProducerName("p".repeat(padding))
                            .build()
                            .toByteArray());
            Tensor weight = OnnxReader.read(file).constants().get(new Value("w"));

            assertThat(weight.toFloats()).containsExactly(1, 2);
            assertThat(weight.bytes().isDirect()).isTrue();
            assertThat(weight.bytes().alignmentOffset(0, 4)).isZero();
        }
    }

    @Test
    void functionsAreInlined() throws Exception {
        // f(x) = leaky(x; slope, by default 0.25) + g(x), where g(x) = mean over all of x, in the form of opset 13
        FunctionProto inner = FunctionProto.newBuilder()
                .setDomain("mine")
                .setName("g")
                .addInput("x")
                .addOutput("m")
                .addOpsetImport(opset("", 13))
                .addNode(node("ReduceMean", "x", "m", Protos.integers("axes", 0, 1)))
                .build();
        FunctionProto outer = FunctionProto.newBuilder()
                .setDomain("mine")
                .setName("f")
                .addInput("x")
                .addOutput("y")
                .addOutput("same")
                .addAttributeProto(real("slope", .25f))
                .addOpsetImport(opset("", 18))
                .addOpsetImport(opset("mine", 1))
                .addNode(node("LeakyRelu", "x", "t", reference("alpha", 1, "slope")))
                .addNode(node("g", "x", "u").toBuilder().setDomain("mine"))
                .addNode(node("Add", "t u", "y"))
                .addNode(node("Identity", "x", "same"))
                .build();
        ModelProto.Builder model = model(
                        18,
                        vectorGraph()
                                .addNode(call("x", "t _", "first"))
                                .addNode(call("t", "y _", "second").toBuilder().addAttribute(real("slope", .5f))))
                .addOpsetImport(opset("mine", 1))
                .addFunctions(outer)
                .addFunctions(inner);
        byte[] bytes = model.build().toByteArray();
        Graph graph = OnnxReader.read(bytes);
        Map<String, Tensor> input = Map.of("x", Tensor.floats(new float[] {-1, 2, 3, -4}, 2, 2));

        assertThat(graph.opsets()).isEqualTo(Map.of("", Graph.OPSET));
        assertThat(graph.nodes().stream().map(Node::opType))
                .containsExactly(
                        "LeakyRelu", "ReduceMean", "Add", "Identity", "LeakyRelu", "ReduceMean", "Add", "Identity");
        assertThat(graph.nodes().get(0).attributes().real("alpha", 0)).isEqualTo(.25f);
        assertThat(graph.nodes().get(4).attributes().real("alpha", 0)).isEqualTo(.5f);
        assertThat(graph.nodes().get(5).output().name()).isEqualTo("second/u");
        // First: mean 0 gives -0.25, 2, 3, -1; then mean 0.9375.
        assertThat(Ort.run(OnnxWriter.toBytes(graph), input).get("y"))
                .containsExactly(.8125f, 2.9375f, 3.9375f, .4375f);
    }

    private static NodeProto call(String inputs, String outputs, String name) {
        return node("f", inputs, outputs).toBuilder()
                .setDomain("mine")
                .setName(name)
                .build();
    }

    @Test
    void aFunctionThatCallsItselfIsRefused() {
        ModelProto.Builder model = model(18, vectorGraph().addNode(call("x", "y", "c")))
                .addFunctions(FunctionProto.newBuilder()
                        .setDomain("mine")
                        .setName("f")
                        .addInput("x")
                        .addOutput("y")
                        .addNode(call("x", "y", "again")));

        assertThatThrownBy(() -> read(model))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("calls itself");
    }

    @Test
    void bodiesOfBranchesReadTheGraphAroundThem() throws Exception {
        GraphProto.Builder then = graph("then")
                .addNode(node("ReduceSum", "a", "s", Protos.integers("axes", 1)))
                .addNode(node("Mul", "s w", "out"))
                .addOutput(info("out", Protos.FLOAT, "N", 1));
        GraphProto.Builder otherwise = graph("else")
                .addNode(node(
                        "Constant", "", "out2", tensor("value", constant("", Tensor.floats(new float[] {9}, 1, 1)))))
                .addOutput(info("out2", Protos.FLOAT, 1, 1));
        GraphProto.Builder graph = graph("g")
                .addInput(info("c", 9, 1))
                .addInput(info("x", Protos.FLOAT, "N", 2))
                .addOutput(info("y", Protos.FLOAT, "N", 1))
                .addInitializer(constant("w", Tensor.scalar(3f)))
                .addNode(node(
                        "If",
                        "c",
                        "y",
                        Protos.graph("then_branch", then.build()),
                        Protos.graph("else_branch", otherwise.build())))
                .addNode(node("Relu", "x", "a"));
        Graph read = read(model(11, graph));

        assertThat(read.nodes().stream().map(Node::opType)).containsExactly("Relu", "If");
        assertThat(OnnxReader.read(OnnxWriter.toBytes(read))).isEqualTo(read);
        for (byte condition = 0; condition < 2; condition++) {
            Tensor flag = Tensor.wrap(ElementType.BOOL, new long[] {1}, ByteBuffer.wrap(new byte[] {condition}));
            assertThat(Ort.run(
                                    OnnxWriter.toBytes(read),
                                    Map.of("c", flag, "x", Tensor.floats(new float[] {-1, 2}, 1, 2)))
                            .get("y"))
                    .containsExactly(condition == 1 ? 6 : 9);
        }
    }

    @Test
    void unknownOperatorsAreKept() {
        Graph graph = read(model(
                        13,
                        vectorGraph()
                                .addNode(
                                        node("Frobnicate", "x", "y").toBuilder().setDomain("com.example")))
                .addOpsetImport(opset("com.example", 3))
                .addOpsetImport(opset("unused", 1)));

        assertThat(graph.nodes().get(0).operator()).isEqualTo("com.example.Frobnicate");
        assertThat(graph.opsets()).isEqualTo(Map.of("", Graph.OPSET, "com.example", 3L));
    }

    private Path externalModel(String location, String length) throws IOException {
        return externalModel(location, length, 6);
    }

    private Path externalModel(String location, String length, long offset) throws IOException {
        TensorProto weight = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(2)
                .setDataLocation(1)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", length))
                .build();
        Path file = Files.createDirectories(folder.resolve("model")).resolve("m.onnx");
        Files.write(
                file,
                model(17, vectorGraph().addInitializer(weight).addNode(node("Mul", "x w", "y")))
                        .build()
                        .toByteArray());
        return file;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static byte[] externalBytes() {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putFloat(6, 1.5f)
                .putFloat(10, -2f)
                .array();
    }

    private void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> OnnxReader.read(file))
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(message);
    }

    @Test
    void externalWeightsAreFoundBesideTheModel() throws IOException {
        Path file = externalModel("weights/w.bin", "8");
        Files.createDirectories(folder.resolve("model/weights"));
        Files.write(folder.resolve("model/weights/w.bin"), externalBytes());

        assertThat(OnnxReader.read(file).constants().get(new Value("w")).toFloats())
                .containsExactly(1.5f, -2);
        assertThat(OnnxReader.read(ByteBuffer.wrap(Files.readAllBytes(file)), file.getParent())
                        .constants()
                        .get(new Value("w"))
                        .toFloats())
                .containsExactly(1.5f, -2);
        assertThatThrownBy(() -> OnnxReader.read(Files.readAllBytes(file)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("without a folder");
    }

    @Test
    void externalWeightsBeyondTwoGibibytesAreFound() throws IOException {
        Path file = externalModel("w.bin", "8", 3L << 30);
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("model/w.bin").toFile(), "rw")) {
            sparse.seek(3L << 30);
            sparse.write(externalBytes(), 6, 8);
        }

        assertThat(OnnxReader.read(file).constants().get(new Value("w")).toFloats())
                .containsExactly(1.5f, -2);
    }

    @Test
    void largeFilesAreMapped() throws IOException {
        int size = 5 << 20;
        float[] data = new float[size];
        data[0] = 1;
        data[size - 1] = -2;
        Path file = folder.resolve("large.onnx");
        GraphProto.Builder graph = vectorGraph()
                .addInitializer(constant("w", Tensor.floats(data, size / 2, 2)))
                .addNode(node("Add", "x w", "y"));
        Files.write(file, model(17, graph).build().toByteArray());

        assertThat(OnnxReader.read(file).constants().get(new Value("w")).toFloats())
                .isEqualTo(data);
    }

    @Test
    void halfPrecisionModelsRunInFloat32() throws Exception {
        Tensor weight = FloatConversion.convert(Tensor.floats(new float[] {.1f, -3}, 2), ElementType.FLOAT16);
        Graph graph = read(graph("g")
                .addInput(info("x", 10, "N", 2))
                .addOutput(info("y", 10, "N", 2))
                .addInitializer(constant("w", weight))
                .addNode(node("Mul", "x w", "a"))
                .addNode(node("Cast", "a", "b", integer("to", 1)))
                .addNode(node("Exp", "b", "c"))
                .addNode(node("Cast", "c", "y", integer("to", 10))));

        assertThat(graph.constants()).containsEntry(new Value("w"), weight);
        float tenth = 0x1.998p-4f;
        assertThat(Ort.run(
                                OnnxWriter.toBytes(new ToFloat32().apply(graph)),
                                Map.of("x", Tensor.floats(new float[] {1, 0}, 1, 2)))
                        .get("y"))
                .containsExactly(new float[] {(float) Math.exp(tenth), 1}, withPrecision(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../w.bin", "/etc/hostname", "a/../../w.bin", ".", "a/.."})
    void externalWeightsOutsideTheFolderAreRefused(String location) throws IOException {
        Files.write(folder.resolve("w.bin"), externalBytes());

        assertRefused(externalModel(location, "8"), "leads outside the model's folder");
    }

    @Test
    void linksThatLeadOutAreRefused() throws IOException {
        Files.write(folder.resolve("w.bin"), externalBytes());
        Path file = externalModel("link.bin", "8");
        Files.createSymbolicLink(folder.resolve("model/link.bin"), folder.resolve("w.bin"));

        assertRefused(file, "leads outside the model's folder");
    }

    @Test
    void brokenExternalWeightsAreNamed() throws IOException {
        assertRefused(externalModel("w.bin", "8"), "which is not in the model's folder");
        Files.write(folder.resolve("model/w.bin"), new byte[13]);
        assertRefused(externalModel("w.bin", "8"), "expected 8 bytes at offset 6");
        assertRefused(externalModel("w.bin", "7"), "need 8 bytes, but the model states 7 bytes");
        assertRefused(externalModel("w.bin", "eight"), "expected a number");
    }

    @Test
    void whatIsNoModelIsSaidSo() throws IOException {
        byte[] model =
                model(17, vectorGraph().addNode(node("Relu", "x", "y"))).build().toByteArray();
        assertRefused(
                write("p.onnx", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13}),
                "found a picture, expected an ONNX model");
        assertRefused(write("t.onnx", "Hello, I am a text.\n".getBytes()), "found text");
        assertRefused(write("x.onnx", new byte[] {120, 1, 2, 3}), "found no ONNX model; it begins with \"x...");
        assertRefused(write("l.onnx", "version https://git-lfs.github.com/spec/v1\n".getBytes()), "git lfs pull");
        assertRefused(write("e.onnx", new byte[0]), "found no bytes");
        assertRefused(folder, "found a folder");
        assertRefused(folder.resolve("none.onnx"), "no such file");
        for (int length = 1; length < model.length; length++) {
            Path file = write("short.onnx", Arrays.copyOf(model, length));
            assertThatThrownBy(() -> OnnxReader.read(file)).isInstanceOf(VitrineException.class);
        }
        assertRefused(write("short.onnx", Arrays.copyOf(model, 20)), "truncated or damaged ONNX model (20 bytes)");
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void brokenModelsAreRefused() {
        assertFails(model(6, vectorGraph()), "found ONNX opset 6, expected 7 to 26. Convert it with");
        assertFails(model(27, vectorGraph()), "found ONNX opset 27, expected 7 to 26. Export it again");
        assertFails(model(17, vectorGraph()), "output 'y' is computed by no node");
        assertFails(model(17, vectorGraph().addNode(node("Add", "x z", "y"))), "Node 'y' (Add) reads 'z'");
        assertFails(
                model(17, vectorGraph().addNode(node("Relu", "x", "y")).addNode(node("Neg", "x", "y"))),
                "Node 'y_1' (Neg) computes 'y', which is already defined");
        assertFails(
                model(17, vectorGraph().addNode(node("Add", "x a", "y")).addNode(node("Neg", "y", "a"))),
                "depends on its own result");
        assertFails(
                model(
                        17,
                        vectorGraph()
                                .addInitializer(TensorProto.newBuilder()
                                        .setName("w")
                                        .setDataType(1)
                                        .addDims(3)
                                        .setRawData(ByteString.copyFrom(new byte[8])))
                                .addNode(node("Mul", "x w", "y"))),
                "Constant 'w': FLOAT32[3] needs 12 bytes, found 8 bytes");
        assertFails(
                model(
                        17,
                        vectorGraph()
                                .addInitializer(
                                        TensorProto.newBuilder().setName("w").setDataType(17))
                                .addNode(node("Mul", "x w", "y"))),
                "Constant 'w': element type float8e4m3fn is not supported");
        assertFails(
                model(17, graph("g").addInput(info("x")).addOutput(info("y")).addNode(node("Relu", "x", "y"))),
                "input 'x' is not a tensor with a known number of dimensions");
    }

    private static void assertFails(ModelProto.Builder model, String message) {
        assertThatThrownBy(() -> read(model))
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(message);
    }
}
