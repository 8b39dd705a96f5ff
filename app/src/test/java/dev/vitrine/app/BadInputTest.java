package dev.vitrine.app;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people get wrong: each with its own message and exit status, none with a stack trace. */
class BadInputTest {
    @TempDir
    private Path folder;

    private Path picture;

    @BeforeEach
    void picture() {
        picture = Shell.picture(folder, "noise.png", 40, 36);
    }

    private Shell.Outcome explain(Path model, Object... more) {
        Object[] start = {"explain", picture, "--model", model, "--method", "gradient", "--out", folder.resolve("out")};
        Object[] all = Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        return vitrine(all);
    }

    private static Graph small() {
        return Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1);
    }

    @Test
    void modelThatIsNotThere() {
        explain(folder.resolve("none.onnx")).failsWith(1, "none.onnx", "zf-caltech or mnist-cnn");
    }

    @Test
    void fileThatIsNoModel() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.onnx"), "these are notes, and no network at all");
        explain(text).failsWith(1, "notes.onnx");
    }

    @Test
    void truncatedModel() throws IOException {
        Path model = Shell.model(folder);
        byte[] bytes = Files.readAllBytes(model);
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
        explain(cut).failsWith(1, "cut.onnx");
    }

    @Test
    void unknownOperator() {
        GraphBuilder builder = new GraphBuilder(small());
        Value logits = builder.build().outputs().get(0);
        Value strange = builder.fresh("strange");
        builder.addFresh(new Node("strange", "", "Frobnicate", List.of(logits), List.of(strange), Attributes.NONE));
        builder.clearOutputs().output(strange);
        explain(Shell.model(folder, builder.build())).failsWith(1, "Frobnicate", "Re-export");
    }

    @Test
    void modelWithoutPictureInput() {
        GraphBuilder builder = new GraphBuilder();
        Value input = builder.input("features", TensorType.of(ElementType.FLOAT32, 1, 10));
        builder.output(builder.node("Relu", input));
        explain(Shell.model(folder, builder.build())).failsWith(1, "features", "picture");
    }

    @Test
    void modelWithSeveralInputs() {
        GraphBuilder builder = new GraphBuilder();
        TensorType type = TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8);
        Value one = builder.input("left", type);
        Value other = builder.input("right", type);
        builder.output(builder.node("Flatten", builder.node("Add", one, other)));
        explain(Shell.model(folder, builder.build())).failsWith(1, "2 inputs", "left", "right");
    }

    @Test
    void notANumberAmongTheWeights() {
        Graph graph = small();
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Value weight = constants.keySet().stream()
                .filter(value -> constants.get(value).rank() == 4)
                .findFirst()
                .orElseThrow();
        float[] broken = constants.get(weight).toFloats();
        broken[7] = Float.NaN;
        constants.put(weight, Tensor.floats(broken, constants.get(weight).shape()));
        Graph diverged =
                new Graph(graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.types(), graph.opsets());
        explain(Shell.model(folder, diverged)).failsWith(1, "NaN", weight.name(), "element 7");
    }

    @Test
    void scoresThatOverflow() {
        GraphBuilder builder = new GraphBuilder(small());
        Value logits = builder.build().outputs().get(0);
        Value endless = builder.node("Mul", logits, builder.constant(Float.POSITIVE_INFINITY));
        explain(Shell.model(folder, builder.clearOutputs().output(endless).build()))
                .failsWith(1, "class scores", "expected finite numbers");
    }

    @Test
    void externalWeightsThatAreMissing() throws IOException {
        // A model of which only the file with the weights' names was copied: field 13 of TensorProto is external_data.
        Path model = Shell.model(folder);
        byte[] bytes = Files.readAllBytes(model);
        assertThat(bytes.length).isGreaterThan(1000);
        Path moved = ExternalWeights.moveOut(model, folder.resolve("apart"));
        Files.delete(moved.resolveSibling("weights.bin"));
        explain(moved).failsWith(1, "weights.bin");
    }

    @Test
    void unknownClassLayerAndMethod() {
        Path model = Shell.model(folder);
        explain(model, "--target", "10").failsWith(2, "class 10", "0 to 9");
        explain(model, "--target", "cat").failsWith(2, "no class names");
        explain(model, "--target", "top:11").failsWith(2, "top:11", "top:10");
        explain(model, "--target", "top:x").failsWith(2, "top:x", "top:10");
        explain(model, "--target", "3,top:2").failsWith(2, "top:2 beside named classes");
        vitrine(
                        "compile",
                        "--model",
                        model,
                        "--method",
                        "gradient",
                        "--target",
                        "top:2",
                        "-o",
                        folder.resolve("c.onnx"))
                .failsWith(2, "top:2", "index or name");
        explain(model, "--method", "grad-cam", "--layer", "nowhere").failsWith(2, "nowhere", "layer");
        vitrine("explain", picture, "--model", model, "--method", "grad-can")
                .failsWith(2, "grad-can", "Did you mean grad-cam");
        explain(model, "--method", "smoothgrad").failsWith(2, "Did you mean smooth-grad");
        vitrine("explain", picture, "--model", model, "--method", ",").failsWith(2, "--method: found no name");
        explain(model, "--unit", "nowhere:3").failsWith(2, "nowhere");
        explain(model, "--unit", "three").failsWith(2, "LAYER:CHANNEL");
    }

    @Test
    void classNameThatIsAlmostRight() throws IOException {
        Path model = Shell.model(folder);
        Path labels = Files.write(
                folder.resolve("names.txt"),
                List.of("plane", "car", "bird", "house cat", "deer", "dog", "frog", "horse", "ship", "wild cat"));
        explain(model, "--labels", labels, "--target", "hose").failsWith(2, "hose", "horse");
        explain(model, "--labels", labels, "--target", "cat").failsWith(2, "3 house cat", "9 wild cat");
        explain(model, "--labels", labels, "--target", "house").succeeds();
        explain(model, "--labels", folder.resolve("none.txt")).failsWith(1, "none.txt: no such file", "class names");
        explain(model, "--labels", picture).failsWith(1, "no UTF-8 text", "class names");
        explain(model, "--card", folder).failsWith(1, "a folder", "model card");
        Path two = Files.write(folder.resolve("two.txt"), List.of("plane", "car"));
        explain(model, "--labels", two).failsWith(1, "10 classes", "2 labels", "--labels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--size=0", "--size=big", "--mean=1,2", "--range=5", "--fit=stretch", "--steps=0"})
    void optionOutOfRange(String option) {
        Shell.Outcome outcome = explain(Shell.model(folder), option);
        outcome.failsWith(2, option.equals("--size=0") ? "0x0" : option.substring(option.indexOf('=') + 1));
    }

    @Test
    void sizeThatTheModelDoesNotTake() {
        explain(Shell.model(folder), "--size", "48").failsWith(2, "48", "32");
    }

    @Test
    void wordThatIsAlmostACommand() {
        vitrine("explian").failsWith(2, "explian", "explain");
        vitrine("explain").failsWith(2, "IMAGE");
        vitrine("explain", picture, "--modle", "x").failsWith(2, "--model");
    }

    @Test
    void pictureThatCannotBeRead() throws IOException {
        Path model = Shell.model(folder);
        picture = folder.resolve("none.png");
        explain(model).failsWith(1, "none.png", "no such file");
        picture = Files.createFile(folder.resolve("empty.png"));
        explain(model).failsWith(1, "empty.png");
        picture = Files.writeString(folder.resolve("text.jpg"), "no picture");
        explain(model).failsWith(1, "text.jpg");
        picture = Files.createDirectory(folder.resolve("bare"));
        explain(model).failsWith(1, "bare", "no pictures");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_BINARY
            })
    void unusualKindsOfPicturesAreTaken(int kind) {
        picture = Shell.picture(folder, "unusual.png", 50, 20, kind);
        explain(Shell.model(folder)).succeeds();
    }

    @Test
    void onePixelIsAPicture() {
        picture = Shell.picture(folder, "dot.png", 1, 1);
        explain(Shell.model(folder)).succeeds();
    }

    @Test
    void brokenPictureAmongGoodOnesIsToldAndTheOthersExplained() throws IOException {
        Path model = Shell.model(folder);
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        Shell.Outcome outcome = vitrine(
                "explain", picture, broken, "--model", model, "--method", "gradient", "--out", folder.resolve("out"));
        outcome.failsWith(1, "broken.png");
        assertThat(outcome.out()).contains("noise-class-");
        assertThat(folder.resolve("out/index.html")).exists();
    }

    @Test
    void folderThatCannotBeWritten() {
        Path model = Shell.model(folder);
        vitrine("explain", picture, "--model", model, "--out", model.resolve("inside"))
                .failsWith(1, "net.onnx", "Choose another");
    }

    @Test
    void fullDisk() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "skipped: this system has no /dev/full");
        Path model = Shell.model(folder);
        Path input = folder.resolve("x.npy");
        Npy.write(input, Tensor.floats(new float[3 * 32 * 32], 1, 3, 32, 32));
        vitrine(
                        "attribute",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--method",
                        "gradient",
                        "--target",
                        1,
                        "--output",
                        full)
                .failsWith(1, "/dev/full", "No space left");
    }

    @Test
    void explanationsWhereNoFileCanBe() throws IOException {
        Path model = Shell.model(folder);
        Object[] command = {"compile", "--model", model, "--method", "gradient", "--output"};
        Object[] onFolder = Arrays.copyOf(command, command.length + 1);
        onFolder[command.length] = folder;
        vitrine(onFolder).failsWith(1, "it is a folder", "Choose another name");
        Object[] inFile = onFolder.clone();
        inFile[command.length] = model.resolve("c.onnx");
        vitrine(inFile).failsWith(1, "Cannot write", "net.onnx is a file");
        Object[] inNewFolder = onFolder.clone();
        inNewFolder[command.length] = folder.resolve("new/c.onnx");
        vitrine(inNewFolder).succeeds();
        assertThat(folder.resolve("new/c.onnx")).isNotEmptyFile();
    }

    @Test
    void tensorsThatDoNotFit() throws IOException {
        Path model = Shell.model(folder);
        Path input = folder.resolve("x.npy");
        Object[] command = {
            "attribute",
            "--model",
            model,
            "--input",
            input,
            "--method",
            "gradient",
            "--target",
            "1",
            "--output",
            folder.resolve("y.npy")
        };
        vitrine(command).failsWith(1, "x.npy", "no such file");
        Npy.write(input, Tensor.floats(new float[3 * 32 * 30], 1, 3, 32, 30));
        vitrine(command).failsWith(2, "x.npy", "[1, 3, 32, 30]", "32, 32");
        Npy.write(input, Tensor.floats(new float[3072], 3072));
        vitrine(command).failsWith(2, "x.npy", "[3072]");
        Files.writeString(input, "no array");
        vitrine(command).failsWith(1, "x.npy", "NumPy");
        assertThat(folder.resolve("y.npy")).doesNotExist();
    }

    @Test
    void stackTracesOnlyWhenAskedFor() {
        Shell.Outcome outcome = explain(folder.resolve("none.onnx"), "--verbose");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("\tat dev.vitrine");
    }
}
