package dev.vitrine.lens.model.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelInputTest {
    private static final Dimension BATCH = Dimension.named("batch");

    @TempDir
    Path folder;

    private static TensorType type(ElementType element, Object... dimensions) {
        return new TensorType(
                element,
                Arrays.stream(dimensions)
                        .map(size ->
                                size instanceof Integer number ? Dimension.of(number) : Dimension.named((String) size))
                        .toList());
    }

    private static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        return Tensor.floats(values, shape);
    }

    /** Behind channels-first pictures: a convolution, the mean of its maps and four classes. */
    private static Value head(GraphBuilder b, Value picture, int channels) {
        Value maps = b.node("Relu", b.node("Conv", picture, b.constant(random(1, 6, channels, 3, 3))));
        Value means = b.node("Flatten", Attributes.NONE.with("axis", 1), b.node("GlobalAveragePool", maps));
        return b.node("MatMul", means, b.constant(random(2, 6, 4)));
    }

    /** A picture, a row of three numbers for each, and a scale. */
    private static Graph three(Object pictures, Object rows) {
        GraphBuilder b = new GraphBuilder();
        Value picture = b.input("image", type(ElementType.FLOAT32, pictures, 3, 8, 10));
        Value meta = b.input("meta", type(ElementType.FLOAT32, rows, 3));
        Value scale = b.input("scale", TensorType.of(ElementType.FLOAT32, 1));
        Value scores = head(b, picture, 3);
        Value all = b.node("Concat", Attributes.NONE.with("axis", 1), scores, meta);
        return b.output(b.node("Mul", b.node("MatMul", all, b.constant(random(3, 7, 5))), scale))
                .build();
    }

    private Model load(Graph graph, InputRequest request) {
        Path file = folder.resolve("net.onnx");
        OnnxWriter.write(graph, file);
        return new ModelLoader(Nets.RUNNER).load(file, request, (card, type) -> card);
    }

    private static InputRequest fed(Map<String, Feed> feeds) {
        return new InputRequest(
                InputRequest.Kind.PICTURE, Optional.empty(), Optional.empty(), feeds, List.of(), Set.of());
    }

    private static float[] run(Graph graph, Map<Value, Tensor> inputs, Value output) {
        try (Executable executable = Nets.RUNNER.load(graph)) {
            return executable.run(inputs).get(output).toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "fixed"})
    void otherInputsAreGivenTheSameInEveryRun(String batch) {
        boolean open = batch.equals("open");
        Graph graph = open ? three("batch", "batch") : three(1, 1);
        Tensor meta = random(4, 1, 3);
        Npy.write(folder.resolve("meta.npy"), meta);
        Model model = load(
                graph,
                fed(Map.of("meta", new Feed.Array(folder.resolve("meta.npy")), "scale", new Feed.Constant(0.5))));
        assertThat(model.batch().isFixed()).isFalse();
        Tensor pictures = random(5, 2, 3, 8, 10);
        float[] scores = run(model.graph(), Map.of(model.input(), pictures), model.output());
        for (int row = 0; row < pictures.dimension(0); row++) {
            float[] expected = run(
                    graph,
                    Map.of(
                            new Value("image"), pictures.rows(row, row + 1),
                            new Value("meta"), meta,
                            new Value("scale"), Tensor.floats(new float[] {0.5f}, 1)),
                    graph.outputs().get(0));
            for (int index = 0; index < 5; index++) {
                assertThat(scores[5 * row + index]).isEqualTo(expected[index], within(1e-6f));
            }
        }
        assertThat(model.card().notes())
                .anyMatch(note -> note.equals("Input 'scale' is given 0.5 in every run."))
                .anyMatch(note -> note.equals("Input 'meta' is given the same float32[1, 3] in every run."));
    }

    @Test
    void otherFeedsMakeAnotherModel() {
        Graph graph = three("batch", "batch");
        Map<String, Feed> one = Map.of("meta", new Feed.Constant(1), "scale", new Feed.Constant(1));
        Map<String, Feed> two = Map.of("meta", new Feed.Constant(2), "scale", new Feed.Constant(1));
        assertThat(load(graph, fed(one)).sha256())
                .isEqualTo(load(graph, fed(one)).sha256())
                .isNotEqualTo(load(graph, fed(two)).sha256());
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        Graph graph = three("batch", "batch");
        assertThatThrownBy(() -> load(graph, InputRequest.PICTURE))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("looks at 'image' and also takes 'meta' float32[batch, 3], 'scale' float32[1]")
                .hasMessageContaining("--feed meta=0.5, or --feed meta=FILE.npy");
        assertThatThrownBy(() -> load(graph, fed(Map.of("mata", new Feed.Constant(1)))))
                .hasMessageContaining("has no input 'mata'; did you mean 'meta'?");
        Npy.write(folder.resolve("wrong.npy"), random(1, 1, 4));
        assertThatThrownBy(() -> load(
                        graph,
                        fed(Map.of(
                                "meta", new Feed.Array(folder.resolve("wrong.npy")), "scale", new Feed.Constant(1)))))
                .hasMessageContaining("feed 'meta': found FLOAT32[1, 4]")
                .hasMessageContaining("expected float32[batch, 3]");
        Npy.write(folder.resolve("rows.npy"), random(1, 2, 3));
        assertThatThrownBy(() -> load(
                        graph,
                        fed(Map.of("meta", new Feed.Array(folder.resolve("rows.npy")), "scale", new Feed.Constant(1)))))
                .hasMessageContaining("whose first axis is the batch; expected one row");
    }

    @Test
    void aNamedInputIsLookedAtAndOneThatNoOutputNeedsIsNotAskedFor() {
        GraphBuilder b = new GraphBuilder();
        Value left = b.input("left", type(ElementType.FLOAT32, "batch", 3, 8, 8));
        Value right = b.input("right", type(ElementType.FLOAT32, "batch", 1, 8, 8));
        b.input("unused", type(ElementType.INT64, "batch", 2));
        Value sum = b.node("Add", head(b, left, 3), head(b, right, 1));
        Graph graph = b.output(sum).build();
        assertThatThrownBy(() -> load(graph, InputRequest.PICTURE))
                .hasMessageContaining("has 3 inputs, and 2 could be the picture")
                .hasMessageContaining("'right' float32[batch, 1, 8, 8]")
                .hasMessageContaining("--input left");
        Model model = load(
                graph,
                new InputRequest(
                        InputRequest.Kind.PICTURE,
                        Optional.empty(),
                        Optional.of("right"),
                        Map.of("left", new Feed.Constant(0)),
                        List.of(),
                        Set.of()));
        assertThat(model.input()).isEqualTo(new Value("right"));
        assertThat(model.channels()).isEqualTo(1);
        assertThat(model.graph().inputs()).containsExactly(new Value("right"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"UINT8", "INT32", "INT64"})
    void wholeNumbersBeforeACastBecomeFloats(ElementType element) {
        GraphBuilder b = new GraphBuilder();
        Value pixels = b.input("pixels", type(element, "batch", 12, 14, 3));
        Value cut = b.node("Slice", pixels, b.vector(1, 2), b.vector(11, 12), b.vector(1, 2));
        Value bgr = b.node("Gather", Attributes.NONE.with("axis", 3), cut, b.vector(2, 1, 0));
        Value first = b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), bgr);
        Value floats = b.node("Cast", Attributes.NONE.with("to", 1), first);
        Value scaled = b.node(
                "Div",
                b.node("Sub", floats, b.constant(127.5f)),
                b.constant(Tensor.floats(new float[] {50, 60, 70}, 3, 1, 1)));
        Graph graph = b.output(head(b, scaled, 3)).build();
        Model model = load(graph, InputRequest.PICTURE);
        assertThat(model.graph().types().get(model.input()).elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(model.preprocessing().layout()).isEqualTo(Layout.NHWC);
        assertThat(model.preprocessing().normalization()).isEqualTo(Normalization.range(0, 255, 3));
        assertThat(model.card().notes()).anyMatch(note -> note.contains("the network preprocesses by itself"));

        SplittableRandom random = new SplittableRandom(7);
        double[] values = random.doubles(12 * 14 * 3)
                .map(value -> Math.floor(256 * value))
                .toArray();
        Tensor whole = Numbers.tensor(values, element, 1, 12, 14, 3).orElseThrow();
        Tensor same = Numbers.tensor(values, ElementType.FLOAT32, 1, 12, 14, 3).orElseThrow();
        assertThat(run(model.graph(), Map.of(model.input(), same), model.output()))
                .containsExactly(
                        run(graph, Map.of(pixels, whole), graph.outputs().get(0)));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] slopes = session.explainer(new Gradient(Gradient.Kind.PLAIN), ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(same, ModelSession.targets(1), Progress.NONE)
                    .attribution()
                    .toFloats();
            assertThat(IntStream.range(0, slopes.length).anyMatch(at -> slopes[at] != 0))
                    .isTrue();
        }
    }

    @Test
    void aFirstDequantizationIsArithmetic() {
        GraphBuilder b = new GraphBuilder();
        Value pixels = b.input("pixels", type(ElementType.UINT8, 1, 3, 8, 8));
        Value zero =
                b.constant(Numbers.tensor(new double[] {10}, ElementType.UINT8).orElseThrow());
        Value floats = b.node("DequantizeLinear", pixels, b.constant(0.25f), zero);
        Graph graph = b.output(head(b, floats, 3)).build();
        Model model = load(graph, InputRequest.PICTURE);
        double[] values = new double[192];
        Arrays.setAll(values, i -> i);
        Tensor whole = Numbers.tensor(values, ElementType.UINT8, 1, 3, 8, 8).orElseThrow();
        Tensor same = Numbers.tensor(values, ElementType.FLOAT32, 1, 3, 8, 8).orElseThrow();
        float[] expected = run(graph, Map.of(pixels, whole), graph.outputs().get(0));
        float[] found = run(model.graph(), Map.of(model.input(), same), model.output());
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isEqualTo(expected[i], within(1e-4f));
        }
    }

    @Test
    void arithmeticThatRoundsIsRefusedByName() {
        GraphBuilder b = new GraphBuilder();
        Value pixels = b.input("pixels", type(ElementType.INT32, 1, 3, 8, 8));
        Value halved = b.node(
                "Div",
                pixels,
                b.constant(Numbers.tensor(new double[] {2}, ElementType.INT32).orElseThrow()));
        Graph graph = b.output(head(b, b.node("Cast", Attributes.NONE.with("to", 1), halved), 3))
                .build();
        assertThatThrownBy(() -> load(graph, InputRequest.PICTURE))
                .hasMessageContaining("(Div) computes on int32, rounded at each step; expected a Cast to float");
    }

    @Test
    void theFirstConvolutionTellsLayoutAndChannelsOfAnOpenInput() {
        GraphBuilder b = new GraphBuilder();
        Value picture = b.input("x", type(ElementType.FLOAT32, "a", "b", "c", "d"));
        Value first = b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), picture);
        Graph last = b.output(head(b, first, 5)).build();
        assertThat(load(last, InputRequest.PICTURE).preprocessing().layout()).isEqualTo(Layout.NHWC);
        assertThat(load(last, InputRequest.PICTURE).channels()).isEqualTo(5);

        GraphBuilder c = new GraphBuilder();
        Value plain = c.input("x", type(ElementType.FLOAT32, "a", "b", "c", "d"));
        Graph open = c.output(head(c, plain, 2)).build();
        assertThat(load(open, InputRequest.PICTURE).preprocessing().layout()).isEqualTo(Layout.NCHW);
        assertThat(load(open, InputRequest.PICTURE).channels()).isEqualTo(2);
    }

    @Test
    void normalizationInsideTellsTheRange() {
        BiFunction<Float, Float, Normalization> guessed = (mean, deviation) -> {
            GraphBuilder b = new GraphBuilder();
            Value picture = b.input("x", type(ElementType.FLOAT32, "batch", 3, 8, 8));
            Value moved = b.node("Sub", picture, b.constant(mean));
            return load(
                            b.output(head(b, b.node("Div", moved, b.constant(deviation)), 3))
                                    .build(),
                            InputRequest.PICTURE)
                    .preprocessing()
                    .normalization();
        };
        assertThat(guessed.apply(123.7f, 58.4f)).isEqualTo(Normalization.range(0, 255, 3));
        assertThat(guessed.apply(0.45f, 0.22f)).isEqualTo(Normalization.range(0, 1, 3));
    }

    @Test
    void anInputThatIsNoPictureIsForPrograms() {
        GraphBuilder b = new GraphBuilder();
        Value sound = b.input("sound", type(ElementType.FLOAT32, "batch", 2, "length"));
        Value maps = b.node("Relu", b.node("Conv", sound, b.constant(random(1, 6, 2, 5))));
        Value means = b.node("Flatten", Attributes.NONE.with("axis", 1), b.node("GlobalAveragePool", maps));
        Graph graph =
                b.output(b.node("MatMul", means, b.constant(random(2, 6, 4)))).build();
        assertThatThrownBy(() -> load(graph, InputRequest.PICTURE))
                .hasMessageContaining("input 'sound' is float32[batch, 2, length], which is no picture")
                .hasMessageContaining("'vitrine attribute'");
        Model model = load(graph, InputRequest.PICTURE.forTensor(List.of(3L, 2L, 40L)));
        assertThat(model.sampleShape()).containsExactly(1, 2, 40);
        assertThat(model.batch().isFixed()).isFalse();
        assertThat(load(graph, InputRequest.PICTURE.forTensor(List.of(2L, 50L))).sampleShape())
                .containsExactly(1, 2, 50);
        assertThatThrownBy(() -> load(graph, InputRequest.PICTURE.forTensor(List.of(3L, 50L))))
                .hasMessageContaining("found a tensor of [3, 50]");
    }
}
