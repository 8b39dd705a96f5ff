package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of several heads on the command line. */
class OutputsCommandTest {
    private static final int SIDE = 16;

    @TempDir
    private Path folder;

    private Path model;
    private Path picture;
    private Path out;

    /** A yes or no, an age, three classes and a map. */
    @BeforeEach
    void writeModel() {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE));
        Value maps = b.node("Relu", b.node("Conv", x, b.constant("kernel", noise(1, 4, 3, 3, 3))));
        Value pooled = b.node("Flatten", b.node("GlobalAveragePool", maps));
        output(b, b.node("Sigmoid", dense(b, pooled, 1)), "smiles", 1, 1);
        output(b, dense(b, pooled, 1), "age", 1, 1);
        output(b, dense(b, pooled, 3), "kind", 1, 3);
        output(b, b.node("Conv", maps, b.constant("score", noise(9, 2, 4, 1, 1))), "where", 1, 2, SIDE - 2, SIDE - 2);
        model = Shell.model(folder, b.build());
        picture = Shell.picture(folder, "a.png", SIDE, SIDE);
        out = folder.resolve("out");
    }

    private static void output(GraphBuilder b, Value value, String name, long... shape) {
        b.declare(value, TensorType.of(ElementType.FLOAT32, shape));
        b.outputAs(value, new Value(name));
    }

    private static Value dense(GraphBuilder b, Value from, int outputs) {
        return b.node("MatMul", from, b.constant("weights" + outputs, noise(outputs, 4, outputs)));
    }

    private static Tensor noise(long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(values, shape);
    }

    private Shell.Outcome explain(Object... more) {
        Object[] start = {"explain", picture, "--model", model, "--method", "gradient,grad-cam", "--out", out};
        Object[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(start), java.util.Arrays.stream(more))
                .toArray();
        return vitrine(all);
    }

    @Test
    void severalOutputsAreSaidAndTheFirstIsTaken() throws IOException {
        Shell.Outcome outcome = explain().succeeds();
        assertThat(outcome.err()).contains("'smiles' is explained", "'age'", "'kind'", "'where'", "--output");
        assertThat(outcome.out()).contains(" %  yes", " %  no");
        assertThat(outcome.err()).contains("Class 0 is 'no'", "class 1 is 'yes'");
        assertThat(Files.readString(out.resolve("summary.json")))
                .contains("\"output\"", "yes or no", "\"probability\"");
    }

    @Test
    void aNumberHasNoPercent() throws IOException {
        Shell.Outcome outcome = explain("--output", "age").succeeds();
        assertThat(outcome.out()).contains("age").doesNotContain("%");
        assertThat(Files.readString(out.resolve("summary.json")))
                .contains("\"value\"")
                .doesNotContain("\"probability\"");
        explain("--output", "age", "--score", "probability").failsWith(2, "no probability or loss");
        vitrine("occlude", picture, "--model", model, "--output", "age", "--out", out)
                .succeeds();
        assertThat(Files.readString(out.resolve("occlusion.json"))).contains("\"value\"");
    }

    /** Most boxes are empty, so that the background is the likeliest class of any picture. */
    @Test
    void theBackgroundOfADetectorIsNoAnswer() throws IOException {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE));
        Value maps = b.node("Relu", b.node("Conv", x, b.constant("kernel", noise(1, 4, 3, 3, 3))));
        long places = (SIDE - 2) * (SIDE - 2);
        Value scores = b.node("Softmax", Attributes.NONE.with("axis", -1), list(b, maps, 2));
        output(b, scores, "scores", 1, places, 2);
        output(b, list(b, maps, 4), "boxes", 1, places, 4);
        model = Shell.model(folder, b.build());
        Shell.Outcome outcome = explain().succeeds();
        assertThat(outcome.out()).contains("%  class 1").doesNotContain("class 0");
        assertThat(outcome.err()).contains("class 0 is the background");
        assertThat(Files.readString(out.resolve("index.html"))).contains("class 0 is the background");
        explain("--target", "top:2").failsWith(2, "top:1 to top:1", "not counting the background");
        assertThat(explain("--target", 0).succeeds().out()).contains("a-class-0-gradient.png");
    }

    private static Value list(GraphBuilder b, Value maps, int columns) {
        Value scored = b.node("Conv", maps, b.constant("column" + columns, noise(columns, columns, 4, 1, 1)));
        Value last = b.node("Transpose", Attributes.NONE.with("perm", new long[] {0, 2, 3, 1}), scored);
        return b.node("Reshape", last, b.vector(1, -1, columns));
    }

    @Test
    void classesAndMaps() {
        assertThat(explain("--output", 2, "--activation", "sigmoid").succeeds().err())
                .contains("3 independent classes");
        explain("--output", "none").failsWith(2, "'smiles'", "by number from 0 to 3");
        assertThat(explain("--output", "where", "--box", "0,0,8,8", "--target", 1)
                        .succeeds()
                        .err())
                .contains("a map of 2 classes, scored over the box at 0,0 of 8×8 pixels");
        explain("--output", "where", "--place", "16,0").failsWith(2, "x from 0 to 15");
        explain("--output", "where", "--place", "1,1", "--region", "best").failsWith(2, "expected one of them");
        explain("--output", "kind", "--toward", picture).succeeds();
    }

    /** For programs a number is the output; the class that speaks against it goes by its name. */
    @Test
    void attributeCountsOutputs() {
        Path input = folder.resolve("x.npy");
        Npy.write(input, noise(3, 1, 3, SIDE, SIDE));
        float[][] found = new float[3][];
        String[] targets = {"0", "yes", "no"};
        for (int i = 0; i < targets.length; i++) {
            Path file = folder.resolve(i + ".npy");
            vitrine(
                            "attribute",
                            "--model",
                            model,
                            "--input",
                            input,
                            "--method",
                            "gradient",
                            "--target",
                            targets[i],
                            "--output",
                            file,
                            "--model-output",
                            "smiles")
                    .succeeds();
            found[i] = Npy.read(file).toFloats();
        }
        assertThat(found[0]).isEqualTo(found[1]);
        for (int i = 0; i < found[0].length; i++) {
            assertThat(found[2][i]).isEqualTo(-found[0][i]);
        }
    }
}
