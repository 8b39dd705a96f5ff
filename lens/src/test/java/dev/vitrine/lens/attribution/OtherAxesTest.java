package dev.vitrine.lens.attribution;

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
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.input.InputRequest;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of one or three spatial axes answer as the same network of two does. */
class OtherAxesTest {
    private static final int CHANNELS = 3;
    private static final long[] PLANE = {1, 16};
    private static final long[] SPACE = {1, 1, 16};

    @TempDir
    Path folder;

    private static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() - 0.4);
        }
        return Tensor.floats(values, shape);
    }

    private static long[] shape(long first, long second, long... places) {
        return LongStream.concat(LongStream.of(first, second), Arrays.stream(places))
                .toArray();
    }

    /** Sizes along {@code axes} spatial axes, all but the last 1. */
    private static long[] along(int axes, long last) {
        long[] sizes = new long[axes];
        Arrays.fill(sizes, 1);
        sizes[axes - 1] = last;
        return sizes;
    }

    private static long[] pads(int axes, long last) {
        long[] pads = new long[2 * axes];
        pads[axes - 1] = last;
        pads[2 * axes - 1] = last;
        return pads;
    }

    /** Convolution, normalization, pooling and a transposed convolution over the last axis; the others have one place. */
    private static Graph network(int axes) {
        GraphBuilder b = new GraphBuilder();
        List<Dimension> dimensions = new ArrayList<>(List.of(Dimension.named("N")));
        Arrays.stream(shape(0, CHANNELS, along(axes, 16))).skip(1).forEach(size -> dimensions.add(Dimension.of(size)));
        Value input = b.input("x", new TensorType(ElementType.FLOAT32, dimensions));
        Value first = b.node(
                "Conv",
                Attributes.NONE.with("pads", pads(axes, 1)),
                input,
                b.constant(random(1, shape(6, CHANNELS, along(axes, 3)))),
                b.constant(random(2, 6)));
        Value normal = b.node(
                "BatchNormalization",
                first,
                b.constant(random(3, 6)),
                b.constant(random(4, 6)),
                b.constant(random(5, 6)),
                b.constant(Tensor.floats(new float[] {1, 2, 1, 2, 1, 2}, 6)));
        Attributes window = Attributes.NONE.with("kernel_shape", along(axes, 2)).with("strides", along(axes, 2));
        Value pooled = b.node("MaxPool", window, b.node("Relu", normal));
        Value averaged = b.node("AveragePool", window, pooled);
        Value enlarged = b.node(
                "ConvTranspose",
                Attributes.NONE.with("strides", along(axes, 2)),
                averaged,
                b.constant(random(6, shape(6, 5, along(axes, 2)))));
        Value maps = b.node("Relu", enlarged);
        Value means = b.node("Flatten", Attributes.NONE.with("axis", 1), b.node("GlobalAveragePool", maps));
        return b.output(b.node("Gemm", means, b.constant(random(7, 5, 4)), b.constant(random(8, 4))))
                .build();
    }

    private Model load(Graph graph, String name) {
        Path file = folder.resolve(name + ".onnx");
        OnnxWriter.write(graph, file);
        InputRequest request = InputRequest.PICTURE.forTensor(List.of());
        return new ModelLoader(Nets.RUNNER).load(file, request, (card, type) -> {
            // The picture's numbers as they are, as those of other inputs.
            Preprocessing own = card.preprocessing();
            return type.rank() != 4
                    ? card
                    : card.withPreprocessing(new Preprocessing(
                            own.width(),
                            own.height(),
                            own.fit(),
                            own.resampling(),
                            ChannelOrder.RGB,
                            own.layout(),
                            Normalization.range(0, 1, CHANNELS)));
        });
    }

    private static float[] explain(Model model, String method, Tensor input) {
        Attribution attribution = Attributions.find(method).standard();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(attribution, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(input, ModelSession.targets(2, 1), Progress.NONE)
                    .attribution()
                    .toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gradient",
                "saliency",
                "input-x-gradient",
                "integrated-gradients",
                "smooth-grad",
                "guided-backprop",
                "deconvnet",
                "grad-cam",
                "grad-cam-plus-plus",
                "xgrad-cam",
                "hires-cam",
                "layer-cam",
                "eigen-cam",
                "cam",
                "lrp-epsilon",
                "lrp-gamma",
                "lrp-z-plus",
                "lrp-alpha-beta",
                "lrp-epsilon-plus",
                "deep-lift"
            })
    void oneAndThreeAxesAnswerAsTwoDo(String method) {
        Tensor values = random(9, shape(2, CHANNELS, PLANE));
        float[] expected = explain(load(network(2), "plane"), method, values);
        assertThat(expected).isNotEmpty();
        for (int axes : new int[] {1, 3}) {
            Model model = load(network(axes), "axes" + axes);
            assertThat(model.takesPictures()).isFalse();
            long[] places = axes == 1 ? new long[] {16} : SPACE;
            float[] found = explain(model, method, values.reshape(shape(2, CHANNELS, places)));
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i])
                        .as(method + " over " + axes + " axes, " + i)
                        .isEqualTo(expected[i], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "occlusion",
                "rise",
                "lime",
                "kernel-shap",
                "feature-ablation",
                "extremal-perturbation",
                "score-cam",
                "ablation-cam",
                "recipro-cam",
                "guided-grad-cam",
                "lrp-z-box"
            })
    void whatNeedsAPictureSaysSo(String method) {
        Model model = load(network(1), "axis");
        assertThatThrownBy(() -> explain(model, method, random(9, 2, CHANNELS, 16)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("'" + method + "' needs pictures")
                .hasMessageContaining("float32[N, 3, 16]");
    }

    @Test
    void aTableOfFeaturesHasGradientsAndNoMaps() {
        GraphBuilder b = new GraphBuilder();
        Value input = b.input(
                "features", new TensorType(ElementType.FLOAT32, List.of(Dimension.named("N"), Dimension.of(7))));
        Tensor weights = random(1, 7, 4);
        Graph graph = b.output(b.node("MatMul", input, b.constant(weights))).build();
        Model model = load(graph, "table");
        float[] slopes = explain(model, "gradient", random(2, 2, 7));
        float[] parts = explain(model, "integrated-gradients", random(2, 2, 7));
        for (int feature = 0; feature < 7; feature++) {
            float slope = weights.toFloats()[4 * feature + 2];
            assertThat(slopes[feature]).isEqualTo(slope, within(1e-6f));
            assertThat(parts[feature]).isEqualTo(slope * random(2, 2, 7).toFloats()[feature], within(1e-6f));
        }
        assertThatThrownBy(() -> explain(model, "grad-cam", random(2, 2, 7)))
                .hasMessageContaining("has no layer with height and width");
    }
}
