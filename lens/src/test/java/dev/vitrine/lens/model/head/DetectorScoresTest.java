package dev.vitrine.lens.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.ClassScore.Scale;
import dev.vitrine.lens.perturbation.DetectedBoxes;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Detectors of two scales whose scores lie beside boxes: their background, and the score behind a probability. */
class DetectorScoresTest {
    private static final int SIDE = 8;
    private static final int BOXES = 80;

    @TempDir
    private Path folder;

    private final GraphBuilder b = new GraphBuilder();
    private Value shared = Value.NONE;

    private Value conv(String name, Value maps, int stride, int channels, int from, float scale) {
        float[] weights = Nets.normal(name.hashCode(), channels, from, 3, 3).toFloats();
        for (int index = 0; index < weights.length; index++) {
            weights[index] *= scale;
        }
        return b.node(
                "Conv",
                Attributes.NONE.with("strides", new long[] {stride, stride}).with("pads", new long[] {1, 1, 1, 1}),
                maps,
                b.constant(name, Tensor.floats(weights, channels, from, 3, 3)));
    }

    private Value listed(Value maps, int columns) {
        Value last = b.node("Transpose", Attributes.NONE.with("perm", new long[] {0, 2, 3, 1}), maps);
        return b.node("Reshape", last, b.vector(0, -1, columns));
    }

    private void put(Value value, String name, int columns) {
        TensorType type = new TensorType(
                ElementType.FLOAT32, List.of(Dimension.named("N"), Dimension.of(BOXES), Dimension.of(columns)));
        b.declare(value, type);
        b.outputAs(value, new Value(name));
        b.declare(new Value(name), type);
    }

    private Path file(String ending, int classes, float scale) {
        Value x = b.input(
                "x",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
        shared = b.node("Relu", conv("first", x, 1, 6, 3, 1));
        Value coarse = b.node("Relu", conv("second", shared, 2, 6, 6, 1));
        Value scores = b.node(
                "Concat",
                Attributes.NONE.with("axis", 1),
                listed(conv("fine scores", shared, 1, classes, 6, scale), classes),
                listed(conv("coarse scores", coarse, 1, classes, 6, scale), classes));
        Value boxes = b.node(
                "Concat",
                Attributes.NONE.with("axis", 1),
                listed(conv("fine boxes", shared, 1, 4, 6, 1), 4),
                listed(conv("coarse boxes", coarse, 1, 4, 6, 1), 4));
        Value last = ending.equals("None")
                ? scores
                : b.node(ending, ending.equals("Sigmoid") ? Attributes.NONE : Attributes.NONE.with("axis", 2), scores);
        put(last, "scores", classes);
        put(boxes, "boxes", 4);
        Path file = folder.resolve("net.onnx");
        OnnxWriter.write(b.build(), file);
        return file;
    }

    private Model open(Path file, Labels labels) {
        return new ModelLoader(Nets.RUNNER).load(file, card -> card.withLabels(labels));
    }

    @ParameterizedTest
    @CsvSource({"Softmax, 2", "Softmax, 5", "LogSoftmax, 2", "LogSoftmax, 4", "None, 3", "Sigmoid, 3", "Sigmoid, 1"})
    void aScoreIsTheLogitOfTheBestBoxesProbability(String ending, int classes) {
        Model model = open(file(ending, classes, 0.03f), Labels.NONE);
        Tensor image = Nets.noise(model, 1, 4);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] scores = session.logits(image).toFloats();
            double[] shown = model.head().probabilities(scores);
            DetectedBoxes found = DetectedBoxes.of(session, image);
            for (int index = 0; index < classes; index++) {
                double best = 0;
                for (int box = 0; box < found.classes().dimension(1); box++) {
                    best = Math.max(best, found.classes().floats().get(box * classes + index));
                }
                assertThat(best).isBetween(0.01, 1.0);
                assertThat(shown[index]).isCloseTo(best, within(1e-5));
                assertThat(found.classes().floats().get(found.best(index) * classes + index))
                        .isCloseTo((float) best, within(1e-6f));
                assertThat((double) scores[index]).isCloseTo(Math.log(best / (1 - best)), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Softmax, 2", "Softmax, 4", "Sigmoid, 3"})
    void aSaturatedProbabilityHasASlopeAllTheSame(String ending, int classes) {
        Model model = open(file(ending, classes, 0.6f), Labels.NONE);
        Tensor image = Nets.noise(model, 1, 4);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            int target = classes - 1;
            float[] scores = session.logits(image).toFloats();
            assertThat(model.head().probabilities(scores)[target]).isGreaterThan(0.9999999);
            for (String id : List.of("gradient", "lrp-epsilon", "deep-lift", "integrated-gradients")) {
                Attribution method = Attributions.find(id).standard();
                float[] map = session.explainer(method, ClassScore.of(Scale.LOGIT))
                        .explain(image, ModelSession.targets(target), Progress.NONE)
                        .attribution()
                        .toFloats();
                assertThat(map).as(id).isNotEqualTo(new float[map.length]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Softmax, 2, 0", "LogSoftmax, 2, 0", "None, 2, 0", "Softmax, 3, -1", "Sigmoid, 2, -1", "Sigmoid, 1, -1"
    })
    void ofTwoExclusiveClassesTheFirstIsTheBackground(String ending, int classes, int background) {
        Head head = open(file(ending, classes, 1), Labels.NONE).head();
        assertThat(head.background()).isEqualTo(background < 0 ? OptionalInt.empty() : OptionalInt.of(background));
        assertThat(String.join(" ", head.notes()).contains("is the background")).isEqualTo(background >= 0);
    }

    @Test
    void aNameTellsTheBackground() {
        Model model = open(file("Softmax", 3, 1), Labels.of(List.of("cat", "dog", "No object")));
        assertThat(model.head().background()).hasValue(2);
        assertThat(model.head().notes()).anyMatch(note -> note.contains("'No object' is the background"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void aCardTellsTheBackground(int said) throws java.io.IOException {
        Path file = file("Softmax", 3, 1);
        Files.writeString(folder.resolve("net.yaml"), "background: " + said + "\n");
        ModelLoader loader = new ModelLoader(Nets.RUNNER);
        if (said < 3) {
            assertThat(loader.load(file).head().background()).hasValue(said);
        } else {
            assertThatThrownBy(() -> loader.load(file))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("background 3")
                    .hasMessageContaining("from 0 to 2");
        }
    }

    /** Which scale holds the best box is told by a run alone. */
    @Test
    void classActivationMapsAreDrawnWhereAllScalesComeFrom() {
        Model model = open(file("Softmax", 2, 1), Labels.NONE);
        assertThat(model.anatomy().lastMaps().value()).isEqualTo(shared);
    }

    @Test
    void sumsOverBoxesHaveNoProbability() {
        Path file = file("Softmax", 3, 1);
        Model model = new ModelLoader(Nets.RUNNER)
                .load(file, card -> card.withOutput(card.output().withRegion(new Region.Predicted())));
        assertThat(model.head().hasProbabilities()).isFalse();
    }
}
