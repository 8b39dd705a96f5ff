package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as exporters write them, through the loader, under every method. */
class ModelKindsTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final SettingValues QUICK = SettingValues.NONE
            .with("steps", 3)
            .with("quadrature", Quadrature.GAUSS_LEGENDRE_SQUARED)
            .with("samples", 2)
            .with("iterations", 5);
    private static final int SIDE = 8;
    private static final int CLASSES = 4;

    private static final Tensor DEPTHWISE = Nets.normal(37, 6, 1, 3, 3);
    private static final Tensor KERNEL = Nets.normal(30, 6, 3, 3, 3);
    private static final Tensor HEAD = Nets.normal(31, 6, CLASSES);

    private static TensorType pictures(long batch, long side, String layout) {
        TensorType type = layout.equals("NCHW")
                ? TensorType.of(ElementType.FLOAT32, batch, 3, side, side)
                : TensorType.of(ElementType.FLOAT32, batch, side, side, 3);
        for (int axis = 0; axis < 4; axis++) {
            if (type.dimension(axis).size() == 0) {
                type = type.withDimension(axis, Dimension.named("d" + axis));
            }
        }
        return type;
    }

    /** Conv, LeakyRelu, mean over places, MatMul; then what {@code ending} says. */
    private static Graph network(TensorType input, String layout, String ending) {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", input);
        Value x = layout.equals("NHWC") ? b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), image) : image;
        x = b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), x, b.constant("kernel", KERNEL));
        x = b.node("LeakyRelu", Attributes.NONE.with("alpha", 0.1f), x);
        Value mean;
        if (layout.equals("NHWC")) {
            Value last = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), x);
            mean = b.node("ReduceMean", Attributes.NONE.with("keepdims", 0), last, b.vector(1, 2));
        } else {
            // As PyTorch writes x.mean((2, 3)).view(x.size(0), -1)
            Value pooled = b.node("GlobalAveragePool", x);
            Value size = b.node("Gather", b.node("Shape", x), b.constant(Tensor.scalar(0L)));
            Value shape = b.node(
                    "Concat", Attributes.NONE.with("axis", 0), b.node("Unsqueeze", size, b.vector(0)), b.vector(-1));
            mean = b.node("Reshape", pooled, shape);
        }
        Value logits = b.node("MatMul", mean, b.constant("head", HEAD));
        Value output = ending.isEmpty() ? logits : b.node(ending, logits);
        b.outputAs(output, new Value("scores"));
        return b.build();
    }

    private static void everyMethodWorks(Model model, int count) {
        Tensor images = Nets.noise(model, count, 32);
        long[] targets = new long[count];
        java.util.Arrays.fill(targets, 1);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (Attributions.Entry entry : AttributionContractTest.methods().toList()) {
                Explanation explanation = session.explainer(entry.with(QUICK), LOGIT)
                        .explain(images, ModelSession.targets(targets), Progress.NONE);
                assertThat(explanation.attribution().dimension(0))
                        .as(entry.id())
                        .isEqualTo(count);
                assertThat(Nets.relativeError(explanation.logits(), explanation.logits()))
                        .isZero();
                assertThat(Nets.relativeError(
                                explanation.attribution(),
                                Tensor.zeros(
                                        ElementType.FLOAT32,
                                        explanation.attribution().shape())))
                        .as(entry.id())
                        .isPositive();
            }
        }
    }

    /** Logits are found behind the last Softmax or Sigmoid, whose probabilities stay the model's own output. */
    @ParameterizedTest
    @CsvSource({"NCHW,''", "NCHW,Softmax", "NCHW,Sigmoid", "NHWC,Softmax", "NHWC,''"})
    void endingsAndLayouts(String layout, String ending) {
        Model model = Nets.open("net", network(pictures(0, SIDE, layout), layout, ending));
        assertThat(model.batch().isFixed()).isFalse();
        assertThat(model.output()).isEqualTo(new Value("scores"));
        assertThat(model.logits().equals(model.output())).isEqualTo(ending.isEmpty());
        assertThat(model.graph().types().get(model.anatomy().lastSpatial()).shape())
                .containsExactly(-1, 6, SIDE, SIDE);
        everyMethodWorks(model, 2);
        Tensor image = Nets.noise(model, 1, 33);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                var executable = Nets.RUNNER.load(model.graph())) {
            var raw = executable.run(Map.of(model.input(), image));
            Explanation found = session.explainer(new Gradient(Gradient.Kind.PLAIN), LOGIT)
                    .explain(image, ModelSession.targets(2), Progress.NONE);
            assertThat(Nets.relativeError(found.logits(), raw.get(model.logits())))
                    .isLessThan(1e-5);
            if (ending.equals("Softmax")) {
                float probability = session.explainer(
                                new Gradient(Gradient.Kind.PLAIN), ClassScore.of(ClassScore.Scale.PROBABILITY))
                        .explain(image, ModelSession.targets(2), Progress.NONE)
                        .scores()
                        .floats()
                        .get(0);
                assertThat((double) probability)
                        .isCloseTo(
                                raw.get(model.output()).floats().get(2), org.assertj.core.api.Assertions.within(1e-6));
            }
        }
    }

    /** The same network in both layouts says the same, its axes exchanged. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gradient",
                "integrated-gradients",
                "lrp-epsilon-gamma-box",
                "guided-grad-cam",
                "deep-lift",
                "grad-cam",
                "rise",
                "lime",
                "recipro-cam",
                "extremal-perturbation"
            })
    void layoutsAgree(String id) {
        Model first = Nets.open("first", network(pictures(0, SIDE, "NCHW"), "NCHW", ""));
        Model last = Nets.open("last", network(pictures(0, SIDE, "NHWC"), "NHWC", ""));
        Tensor image = Nets.noise(first, 1, 34);
        float[] planes = image.toFloats();
        int places = SIDE * SIDE;
        float[] pixels = new float[planes.length];
        for (int i = 0; i < planes.length; i++) {
            pixels[i % places * 3 + i / places] = planes[i];
        }
        Attribution method = Attributions.find(id).with(QUICK);
        float[] one = explain(first, method, image).toFloats();
        Tensor two = explain(last, method, Tensor.floats(pixels, 1, SIDE, SIDE, 3));
        float[] turned = two.toFloats();
        if (method.form() == Attribution.Form.PIXELS) {
            for (int i = 0; i < one.length; i++) {
                turned[i] = two.floats().get(i % places * 3 + i / places);
            }
        }
        assertThat(Nets.relativeError(Tensor.floats(turned, turned.length), Tensor.floats(one, one.length)))
                .isLessThan(1e-4);
    }

    private static Tensor explain(Model model, Attribution method, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(method, LOGIT)
                    .explain(image, ModelSession.targets(1), Progress.NONE)
                    .attribution();
        }
    }

    /** A file for one picture at a time, by its type, opens for any number. */
    @Test
    void aBatchOfOneIsOpenedUp() {
        Model model = Nets.open("one", network(pictures(1, SIDE, "NCHW"), "NCHW", "Softmax"));
        assertThat(model.batch().isFixed()).isFalse();
        everyMethodWorks(model, 3);
    }

    /** A file with its batch baked into a reshape opens where every sample keeps to itself. */
    @Test
    void aBatchBakedIntoAReshapeIsOpenedUp() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", pictures(1, SIDE, "NCHW"));
        Value x = b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), image, b.constant("kernel", KERNEL));
        x = b.node("GlobalAveragePool", b.node("Relu", x));
        x = b.node("Reshape", x, b.vector(1, 6));
        b.output(b.node("MatMul", x, b.constant("head", HEAD)));
        Model model = Nets.open("baked", b.build());
        assertThat(model.batch().isFixed()).isFalse();
        everyMethodWorks(model, 3);
    }

    /** A file in which samples would mix runs one by one. */
    @Test
    void aBatchThatWouldMixStaysClosed() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", pictures(1, SIDE, "NCHW"));
        Value x = b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), image, b.constant("kernel", KERNEL));
        x = b.node("Mul", x, b.node("ReduceMax", x, b.vector(0)));
        x = b.node("Flatten", b.node("GlobalAveragePool", b.node("Relu", x)));
        b.output(b.node("MatMul", x, b.constant("head", HEAD)));
        Model model = Nets.open("mixing", b.build());
        assertThat(model.batch().size()).isEqualTo(1);
        everyMethodWorks(model, 3);
    }

    /** A batch of four that cannot be opened, since its channels lie side by side in one picture. */
    private static Model fourSideBySide() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", pictures(4, SIDE, "NCHW"));
        Value x = b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), image, b.constant("kernel", KERNEL));
        Tensor four = Tensor.concatenate(List.of(DEPTHWISE, DEPTHWISE, DEPTHWISE, DEPTHWISE));
        x = b.node("Reshape", b.node("Relu", x), b.vector(1, 24, SIDE, SIDE));
        x = b.node("Conv", Attributes.NONE.with("group", 24), x, b.constant("four", four));
        x = b.node("Reshape", x, b.vector(4, 6, SIDE - 2, SIDE - 2));
        b.output(b.node("MatMul", b.node("Flatten", b.node("GlobalAveragePool", x)), b.constant("head", HEAD)));
        return Nets.open("four", b.build());
    }

    /** The same network in the usual form. */
    private static Model oneAtATime() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", pictures(0, SIDE, "NCHW"));
        Value x = b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), image, b.constant("kernel", KERNEL));
        x = b.node("Conv", Attributes.NONE.with("group", 6), b.node("Relu", x), b.constant("one", DEPTHWISE));
        b.output(b.node("MatMul", b.node("Flatten", b.node("GlobalAveragePool", x)), b.constant("head", HEAD)));
        return Nets.open("one", b.build());
    }

    /** Every method fills a fixed batch, and says what it says on the same network in the usual form. */
    @Test
    void aFixedBatchIsFilled() {
        Model filled = fourSideBySide();
        assertThat(filled.batch().size()).isEqualTo(4);
        everyMethodWorks(filled, 3);

        Model open = oneAtATime();
        Tensor pictures = Nets.noise(open, 1, 38);
        for (String id : List.of("gradient", "integrated-gradients", "smooth-grad", "occlusion", "rise", "lime")) {
            Attribution method = Attributions.find(id).with(QUICK);
            assertThat(Nets.relativeError(explain(filled, method, pictures), explain(open, method, pictures)))
                    .as(id)
                    .isLessThan(1e-4);
        }
    }

    /**
     * One graph of many points, for a fixed batch of four, gives the same results as the network with a variable batch.
     */
    @Test
    void methodsOfManyPointsAreOneGraphOnAFixedBatch() {
        Model filled = fourSideBySide();
        Model open = oneAtATime();
        Tensor pictures = Nets.noise(open, 4, 39);
        Tensor targets = ModelSession.targets(0, 1, 2, 1);
        ClassScore logit = ClassScore.of(ClassScore.Scale.LOGIT);
        for (String id : List.of("integrated-gradients", "smooth-grad", "smooth-grad-squared", "var-grad")) {
            GraphAttribution method = (GraphAttribution) Attributions.find(id).with(QUICK);
            ExplanationGraph compiled = method.graph(filled, logit);
            float[] found;
            try (Executable executable = Nets.RUNNER.load(compiled.graph())) {
                found = executable
                        .run(Map.of(filled.input(), pictures, new Value(Objective.TARGET), targets))
                        .get(compiled.attribution())
                        .toFloats();
            }
            Tensor expected;
            try (Executable executable =
                    Nets.RUNNER.load(method.graph(open, logit).graph())) {
                expected = executable
                        .run(Map.of(open.input(), pictures, new Value(Objective.TARGET), targets))
                        .get(compiled.attribution());
            }
            assertThat(Nets.relativeError(Tensor.floats(found, expected.shape()), expected))
                    .as(id)
                    .isLessThan(1e-4);
        }
        GraphAttribution endless = new IntegratedGradients(5000, Quadrature.GAUSS_LEGENDRE, Baseline.BLACK);
        assertThatThrownBy(() -> endless.graph(filled, logit))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("fixed batch of 4 that cannot be made variable");
    }

    @Test
    void openHeightAndWidthAreFixedByTheCard() {
        Model model = Nets.open("open", network(pictures(0, 0, "NCHW"), "NCHW", ""));
        assertThat(model.sampleShape()).containsExactly(1, 3, 224, 224);
        assertThat(model.batch().isFixed()).isFalse();
    }

    /** Where maps end, on networks whose last ones have several places. */
    @ParameterizedTest
    @CsvSource({
        "vgg-small,Relu,32",
        "resnet18,Relu,32",
        "googlenet,Concat,64",
        "squeezenet,Concat,32",
        "densenet,Relu,",
        "mobilenet-v3,HardSwish,36",
        "convnext,Add,48"
    })
    void theLastMaps(String name, String expected, String channels) {
        theLastMapsAre(Nets.architecture(name), expected, channels);
    }

    @NeedsShared
    @ParameterizedTest
    @CsvSource({
        "cifar10-resnet20,/layer3/layer3.2/Relu_1_output_0,64",
        "squeezenet-caltech101,/fire9/Concat_output_0,512",
        "tiny-darknet,/net/net.48/LeakyRelu_output_0,"
    })
    void theLastMapsOfTrainedNetworks(String name, String expected, String channels) {
        theLastMapsAre(Nets.trained(name), expected, channels);
    }

    private static void theLastMapsAre(Model model, String expected, String channels) {
        Value last = model.anatomy().lastSpatial();
        String operator = model.graph().producers().get(last).operator();
        assertThat(List.of(last.name(), operator)).contains(expected);
        if (channels != null) {
            assertThat(model.graph().types().get(last).dimension(1).size()).isEqualTo(Long.parseLong(channels));
        }
    }

    /** Attention has heads and tokens on four axes, which are no maps; the patches' own convolution has. */
    @Test
    void attentionIsNoMap() {
        Model model = Nets.open(
                "vit",
                Architectures.vit(
                        new Architectures.Size(1 / 16.0, 32, 10, 1), 8, 4, 1, Architectures.GeluForm.OPERATOR));
        Value last = model.anatomy().lastSpatial();
        assertThat(model.graph().producers().get(last).operator()).isEqualTo("Conv");
    }
}
