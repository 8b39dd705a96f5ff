package dev.vitrine.app.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.render.file.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs as people have them, through the commands. */
class InputOptionsTest {
    @TempDir
    Path folder;

    private static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return Tensor.floats(values, shape);
    }

    private static Value picture(GraphBuilder b, int channels) {
        return b.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(channels), Dimension.of(12), Dimension.of(14))));
    }

    private static Value head(GraphBuilder b, Value picture, int channels) {
        Value maps = b.node(
                "Relu",
                b.node(
                        "Conv",
                        Attributes.NONE.with("pads", 1, 1, 1, 1),
                        picture,
                        b.constant(random(1, 6, channels, 3, 3))));
        Value means = b.node("Flatten", Attributes.NONE.with("axis", 1), b.node("GlobalAveragePool", maps));
        return b.node("MatMul", means, b.constant(random(2, 6, 4)));
    }

    private Path network(int channels) {
        GraphBuilder b = new GraphBuilder();
        return Shell.model(
                folder, b.output(head(b, picture(b, channels), channels)).build());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 13})
    void arraysOfAnyNumberOfChannelsAreExplained(int channels) {
        Path model = network(channels);
        Path array = folder.resolve("field.npy");
        Npy.write(array, random(3, channels, 20, 21));
        Shell.vitrine(
                        "explain",
                        array,
                        "--model",
                        model,
                        "--out",
                        folder.resolve("out"),
                        "--method",
                        "gradient,integrated-gradients,grad-cam,lrp-epsilon-plus,guided-backprop,occlusion",
                        "--target",
                        "1",
                        "--window",
                        "5")
                .succeeds();
        Shell.vitrine("occlude", array, "--model", model, "--out", folder.resolve("covered"))
                .succeeds();
        Shell.vitrine("activations", array, "--model", model, "--out", folder.resolve("maps"))
                .succeeds();
        Shell.vitrine("fool", "--model", model, "--target", "1", "--out", folder.resolve("fooled"))
                .failsWith(2, channels + " channels; expected 1 or 3");
        Shell.vitrine("stress", array, "--model", model, "--out", folder.resolve("stressed"))
                .failsWith(2, channels + " channels; expected rgb, bgr or gray");
    }

    @Test
    void aPictureOfTooFewChannelsIsNamed() {
        Path model = network(5);
        Path photo = Shell.picture(folder, "photo.png", 20, 20);
        Shell.vitrine("explain", photo, "--model", model, "--out", folder.resolve("out"))
                .failsWith(1, "photo.png: has 3 channels; the network takes 5 channels");
    }

    @Test
    void otherInputsAreFed() throws IOException {
        GraphBuilder b = new GraphBuilder();
        Value scores = head(b, picture(b, 3), 3);
        Value scale = b.input("scale", TensorType.of(ElementType.FLOAT32, 1));
        Path model = Shell.model(folder, b.output(b.node("Mul", scores, scale)).build());
        Path photo = Shell.picture(folder, "photo.png", 20, 20);
        Path out = folder.resolve("out");
        Shell.vitrine("explain", photo, "--model", model, "--out", out)
                .failsWith(1, "'scale' float32[1]; expected a value for it: --feed scale=0.5");
        Shell.Outcome fed = Shell.vitrine(
                        "explain", photo, "--model", model, "--out", out, "--method", "gradient", "--feed", "scale=2")
                .succeeds();
        assertThat(fed.err()).contains("Input 'scale' is given 2.0 in every run.");
        Shell.vitrine("layers", "--model", model, "--feed", "scale=much").failsWith(2, "--feed scale: found 'much'");
        Shell.vitrine("layers", "--model", model, "--feed", "skale=1").failsWith(2, "did you mean 'scale'?");
        Files.writeString(folder.resolve("net.yaml"), "{feeds: {scale: 2}, input: {fit: squash}}");
        Shell.vitrine("layers", "--model", model).succeeds();
    }

    @Test
    void whatOptionsGiveIsNotCalledGuessed() throws IOException {
        Path model = network(3);
        Path photo = Shell.picture(folder, "photo.png", 20, 20);
        Path names = Files.writeString(folder.resolve("names.txt"), "a\nb\nc\nd\n");
        Shell.Outcome explained = Shell.vitrine(
                        "explain",
                        photo,
                        "--model",
                        model,
                        "--out",
                        folder.resolve("out"),
                        "--method",
                        "gradient",
                        "--range=0,1",
                        "--mean=0,0,0",
                        "--deviation=1,1,1",
                        "--labels",
                        names,
                        "--fit=squash",
                        "--resampling=bicubic",
                        "--channels=rgb")
                .succeeds();
        assertThat(explained.err()).doesNotContain("guessed").doesNotContain("ImageNet");
        assertThat(folder.resolve("out/summary.json")).content().doesNotContain("guessed", "ImageNet");
        assertThat(folder.resolve("out/index.html")).content().doesNotContain("ImageNet");
    }

    /** A network that divides by the length of the picture, which is 0 for a black one. */
    private static Graph dividing() {
        GraphBuilder b = new GraphBuilder();
        Value picture = picture(b, 3);
        Value length = b.node("ReduceL2", Attributes.NONE.with("keepdims", 1), picture, b.vector(1, 2, 3));
        return b.output(head(b, b.node("Div", picture, length), 3)).build();
    }

    /** The studies over pictures of classes go on without a picture of which the network makes NaN. */
    @ParameterizedTest
    @ValueSource(strings = {"unit", "trust", "probe", "ablate", "growth"})
    void aStudyGoesOnWithoutAPictureThatHasNoAnswer(String command) throws IOException {
        Path model = Shell.model(folder, dividing());
        Path pictures = folder.resolve("pictures");
        for (String name : List.of("x/a", "x/b", "x/c", "y/d", "y/e", "y/f")) {
            Files.createDirectories(pictures.resolve(name).getParent());
            Shell.picture(pictures.resolve(name).getParent(), name.substring(2) + ".png", 14, 12);
        }
        Files.write(pictures.resolve("x/b.png"), Png.bytes(new BufferedImage(14, 12, BufferedImage.TYPE_INT_RGB)));
        Path names = Files.writeString(folder.resolve("names.txt"), "x\ny\nz\nw\n");
        Path out = folder.resolve(command);
        List<Object> words = new ArrayList<>(List.of(command));
        switch (command) {
            case "unit" -> words.addAll(List.of("relu1:2", "--data", pictures, "--steps", 0, "--model", model));
            case "trust" -> words.addAll(List.of(pictures, "--method", "gradient", "--model", model));
            case "growth" -> words.addAll(List.of(model, model, "--data", pictures));
            default -> words.addAll(List.of("--data", pictures, "--labels", names, "--model", model));
        }
        words.addAll(List.of("--mean=0,0,0", "--deviation=1,1,1", "--out", out));
        Shell.Outcome outcome = Shell.vitrine(words.toArray());
        outcome.failsWith(1, "x/b.png: ", "NaN");
        assertThat(outcome.err()).doesNotContain("x/a.png", "x/c.png", "y/d.png");
        try (var files = Files.list(out)) {
            assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith(".html"));
        }
    }

    /** Scores are numbers for every picture, but slopes are none where it is black. */
    @Test
    void aPictureWithoutSlopesIsNamedAndTheOthersGoOn() throws IOException {
        GraphBuilder b = new GraphBuilder();
        Value picture = picture(b, 3);
        Value sum = b.node("ReduceSum", picture, b.vector(1, 2, 3));
        // log(1e20 Σx + 1e-25) of a black picture is -58, and its slope 1e45: beyond float32.
        Value large = b.node("Mul", sum, b.constant(Tensor.scalar(1e20f)));
        Value logarithm = b.node("Log", b.node("Add", large, b.constant(Tensor.scalar(1e-25f))));
        Value bright = b.node("Add", picture, b.constant(Tensor.scalar(100f)));
        Graph graph = b.output(head(b, b.node("Sub", bright, logarithm), 3)).build();
        Path model = Shell.model(folder, graph);
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Shell.picture(pictures, "a.png", 14, 12);
        Files.write(pictures.resolve("b.png"), Png.bytes(new BufferedImage(14, 12, BufferedImage.TYPE_INT_RGB)));
        Shell.picture(pictures, "c.png", 14, 12);
        Path out = folder.resolve("out");
        Shell.Outcome outcome = Shell.vitrine(
                "explain",
                pictures,
                "--model",
                model,
                "--mean=0,0,0",
                "--deviation=1,1,1",
                "--method=gradient",
                "--out",
                out);
        outcome.failsWith(1, "b.png: gradient: The attribution");
        assertThat(outcome.out()).contains("a.png", "c.png").doesNotContain("b.png");
        assertThat(outcome.err()).doesNotContain("a.png").doesNotContain("c.png");
        assertThat(out.resolve("index.html"))
                .content()
                .contains("a.png", "c.png")
                .doesNotContain("b.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"integrated-gradients", "deep-lift", "kernel-shap"})
    void aBaselineWithoutAnswerIsBlamed(String method) throws IOException {
        Path model = Shell.model(folder, dividing());
        Path picture = Shell.picture(folder, "a.png", 14, 12);
        List<Object> words = new ArrayList<>(List.of("explain", picture, "--model", model, "--method", method));
        words.addAll(List.of("--samples=20", "--mean=0,0,0", "--deviation=1,1,1", "--out", folder.resolve("out")));
        List<Object> black = new ArrayList<>(words);
        black.add("--baseline=black");
        Shell.vitrine(black.toArray()).failsWith(1, "baseline 'black' is NaN", "--baseline blur");
        words.add("--baseline=noise");
        Shell.vitrine(words.toArray()).succeeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain", "occlude", "dead", "examples", "where"})
    void aPictureWithoutAnswerIsNamedAndTheOthersGoOn(String command) throws IOException {
        Path model = Shell.model(folder, dividing());
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Shell.picture(pictures, "a.png", 14, 12);
        Files.write(pictures.resolve("b.png"), Png.bytes(new BufferedImage(14, 12, BufferedImage.TYPE_INT_RGB)));
        Shell.picture(pictures, "c.png", 14, 12);
        Path out = folder.resolve(command);
        Shell.Outcome outcome =
                Shell.vitrine(command, pictures, "--model", model, "--mean=0,0,0", "--deviation=1,1,1", "--out", out);
        outcome.failsWith(1, "b.png: ", "NaN");
        assertThat(outcome.err()).doesNotContain("a.png").doesNotContain("c.png");
        try (var files = Files.list(out)) {
            assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith(".html"));
        }
    }
}
