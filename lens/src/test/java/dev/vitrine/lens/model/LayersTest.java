package dev.vitrine.lens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layer is meant: by default, by name, by short name, by a part of a name. */
class LayersTest {
    private static final int CLASSES = 10;

    /** Nodes of a network behind its first rectified convolution of 8 channels, which is {@code body}, 16×16. */
    private interface Ending extends BiFunction<GraphBuilder, Value, Value> {}

    private static Value conv(GraphBuilder b, Value x, long in, long out, long side) {
        long pad = side / 2;
        return b.node(
                "Conv",
                Attributes.NONE.with("pads", pad, pad, pad, pad).with("kernel_shape", side, side),
                x,
                b.constant("kernel", Nets.normal(out + side, out, in, side, side)));
    }

    private static Value pool(GraphBuilder b, Value x) {
        return b.node("MaxPool", Attributes.NONE.with("kernel_shape", 2, 2).with("strides", 2, 2), x);
    }

    private static Value dense(GraphBuilder b, Value x, long in, long out) {
        return b.node("Gemm", x, b.constant("weight", Nets.normal(in, in, out)));
    }

    private static Value mean(GraphBuilder b, Value x) {
        return b.node("Flatten", b.node("GlobalAveragePool", x));
    }

    private static Value swish(GraphBuilder b, Value x) {
        return b.node("Mul", x, b.node("Sigmoid", x));
    }

    /** What follows the last maps, which are {@code expected}. */
    private static Value expected(GraphBuilder b, Value x) {
        return b.node("Elu", x);
    }

    private static Model network(Ending ending) {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", TensorType.of(ElementType.FLOAT32, 1, 3, 16, 16));
        Value body = b.node("Relu", conv(b, image, 3, 8, 3));
        b.outputAs(ending.apply(b, body), new Value("scores"));
        return Nets.open("net", b.build());
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                head("an inner convolution with as many channels as classes", (b, x) -> {
                    Value maps = expected(b, conv(b, x, 8, CLASSES, 3));
                    return dense(b, b.node("Flatten", pool(b, maps)), CLASSES * 64, CLASSES);
                }),
                head("an inner 1×1 convolution with as many channels as classes", (b, x) -> {
                    Value maps = expected(b, conv(b, x, 8, CLASSES, 1));
                    return dense(b, mean(b, maps), CLASSES, CLASSES);
                }),
                head("a 1×1 convolution with as many channels as classes before a last convolution", (b, x) -> {
                    Value maps = expected(b, conv(b, conv(b, x, 8, CLASSES, 1), CLASSES, 6, 3));
                    return dense(b, mean(b, maps), 6, CLASSES);
                }),
                head("a 1×1 convolution, averaged", (b, x) -> mean(b, conv(b, expected(b, x), 8, CLASSES, 1))),
                head(
                        "SqueezeNet: dropout, 1×1 convolution, rectifier, average",
                        (b, x) -> mean(
                                b, b.node("Relu", conv(b, b.node("Dropout", pool(b, expected(b, x))), 8, CLASSES, 1)))),
                head(
                        "the largest place of each class's map",
                        (b, x) -> b.node(
                                "ReduceMax",
                                Attributes.NONE.with("keepdims", 0L),
                                conv(b, expected(b, x), 8, CLASSES, 1),
                                b.vector(2, 3))),
                head(
                        "a last convolution that looks about itself is a layer of its own",
                        (b, x) -> mean(b, expected(b, conv(b, x, 8, CLASSES, 3)))),
                head(
                        "a convolution of the maps' own size",
                        (b, x) -> b.node(
                                "Flatten",
                                b.node(
                                        "Conv",
                                        expected(b, x),
                                        b.constant("kernel", Nets.normal(4, CLASSES, 8, 16, 16))))),
                head(
                        "VGG as PyTorch writes it: max pooling, adaptive pooling to the size that is there, flatten",
                        (b, x) -> {
                            Value same = b.node(
                                    "AveragePool", Attributes.NONE.with("kernel_shape", 1, 1), pool(b, expected(b, x)));
                            Value hidden = b.node("Relu", dense(b, b.node("Flatten", same), 512, 12));
                            return dense(b, hidden, 12, CLASSES);
                        }),
                head("DenseNet: normalization and rectifier behind the last block", (b, x) -> {
                    Value joined = b.node("Concat", Attributes.NONE.with("axis", 1), x, conv(b, x, 8, 2, 3));
                    Value scale = b.constant("scale", Nets.normal(3, CLASSES));
                    Value variance =
                            b.constant("variance", Tensor.floats(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 10));
                    Value normal = b.node("BatchNormalization", joined, scale, scale, scale, variance);
                    return dense(b, mean(b, expected(b, normal)), CLASSES, CLASSES);
                }),
                head("MobileNetV3: average, then 1×1 convolutions on single places", (b, x) -> {
                    Value pooled = b.node("GlobalAveragePool", expected(b, x));
                    Value hidden = swish(b, conv(b, pooled, 8, CLASSES, 1));
                    return b.node("Flatten", conv(b, hidden, CLASSES, CLASSES, 1));
                }),
                head("EfficientNet: a gate with an average inside", (b, x) -> {
                    Value gate = b.node("Sigmoid", conv(b, b.node("GlobalAveragePool", x), 8, 8, 1));
                    Value maps = expected(b, conv(b, b.node("Mul", x, gate), 8, CLASSES, 1));
                    return dense(b, mean(b, maps), CLASSES, CLASSES);
                }),
                head("ConvNeXt: channels last inside the block, a layer normalization in the head", (b, x) -> {
                    Value last = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), x);
                    Value mixed = b.node("MatMul", last, b.constant("weight", Nets.normal(5, 8, 8)));
                    Value first = b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), mixed);
                    Value maps = expected(b, b.node("Add", x, first));
                    Value scale = b.constant("scale", Nets.normal(3, 8));
                    return dense(b, b.node("LayerNormalization", mean(b, maps), scale), 8, CLASSES);
                }),
                head("Swin: channels last throughout, turned for the average", (b, x) -> {
                    Value tokens = b.node(
                            "Transpose",
                            Attributes.NONE.with("perm", 0, 2, 1),
                            b.node("Reshape", x, b.vector(0, 8, 256)));
                    Value grid = b.node("Reshape", tokens, b.vector(0, 16, 16, 8));
                    Value maps = expected(b, b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), grid));
                    return dense(b, mean(b, maps), 8, CLASSES);
                }),
                head("GoogLeNet: a concatenation last, whose parts are 1×1 convolutions", (b, x) -> {
                    Value joined =
                            b.node("Concat", Attributes.NONE.with("axis", 1), conv(b, x, 8, 4, 1), conv(b, x, 8, 6, 3));
                    return dense(b, mean(b, expected(b, joined)), CLASSES, CLASSES);
                }),
                head("a residual network without a head", (b, x) -> {
                    Value sum = b.node("Add", x, conv(b, conv(b, x, 8, 8, 3), 8, 8, 1));
                    return mean(b, expected(b, sum));
                }),
                head("means of two depths", (b, x) -> {
                    Value deeper = expected(b, conv(b, x, 8, 6, 3));
                    Value both = b.node(
                            "Concat", Attributes.NONE.with("axis", 1), mean(b, deeper), mean(b, conv(b, x, 8, 4, 1)));
                    return dense(b, both, CLASSES, CLASSES);
                }),
                head("segmentation: the classifier's 1×1 convolution, enlarged", (b, x) -> {
                    Value classes = conv(b, b.node("Dropout", expected(b, x)), 8, CLASSES, 1);
                    return b.node(
                            "Resize",
                            Attributes.NONE.with("mode", "linear"),
                            classes,
                            Value.NONE,
                            b.constant(Tensor.floats(new float[] {1, 1, 2, 2}, 4)));
                }),
                head("a detector: boxes and classes by 1×1 convolutions of the same maps", (b, x) -> {
                    Value maps = expected(b, x);
                    Value boxes = b.node("Tanh", conv(b, maps, 8, 4, 1));
                    Value classes = b.node("Sigmoid", conv(b, b.node("Relu", maps), 8, CLASSES, 1));
                    return b.node("Concat", Attributes.NONE.with("axis", 1), boxes, classes);
                }));
    }

    private static Arguments head(String what, Ending ending) {
        return Arguments.of(what, ending);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void theHeadIsFoundByWhatItDoes(String what, Ending ending) {
        Model model = network(ending);
        Value last = model.anatomy().lastSpatial();
        assertThat(model.graph().producers().get(last).operator())
                .as("%s: %s", what, last)
                .isEqualTo("Elu");
    }

    /** The name is a part of the expected layer's. */
    @ParameterizedTest
    @CsvSource({
        "models/exports/convnext-opset17-open.onnx,Add,8",
        "models/exports/densenet-opset17-open.onnx,Relu,8",
        "models/exports/efficientnet-opset17-open.onnx,Mul,8",
        "models/exports/mobilenet-v3-opset17-open.onnx,HardSwish,2",
        "models/exports/regnet-opset17-open.onnx,Relu,4",
        "models/exports/shufflenet-opset17-open.onnx,Relu,2",
        "models/exports/swin-opset14-fixed.onnx,Transpose,8",
        "models/exports/vit-opset14-fixed.onnx,Add,4",
        "models/exports/vit-opset17-open.onnx,Add,4",
        "data/trials/segmentation.onnx,Relu,16",
        "data/trials/fcn-max-sigmoid.onnx,Relu,16",
        "data/trials/detection.onnx,Relu,16",
    })
    void theHeadsOfExports(String file, String operator, long height) {
        theLastMapsAre(file, operator, height);
    }

    @NeedsShared
    @ParameterizedTest
    @CsvSource({
        "models/zoo/cct2-opset20.onnx,Add,8",
        "models/zoo/light_resnet50.onnx,Relu,7",
        "models/zoo/light_densenet121.onnx,Relu,7",
        "models/zoo/light_shufflenet.onnx,Relu,7",
        "models/zoo/light_zfnet512.onnx,Relu,12",
        "models/zoo/fastestdet.onnx,Relu,22",
        "models/zoo/text-direction.onnx,Div,7",
        "models/squeezenet-imagenet-fp16.onnx,Concat,13",
    })
    void theHeadsOfFiles(String file, String operator, long height) {
        theLastMapsAre(file, operator, height);
    }

    private static void theLastMapsAre(String file, String operator, long height) {
        Model model = new ModelLoader(Nets.RUNNER).load(Nets.existing(java.nio.file.Path.of(file)));
        LayerMaps maps = model.anatomy().lastMaps();
        Value last = maps.value();
        assertThat(model.graph().producers().get(last).operator())
                .as(last.name())
                .isEqualTo(operator);
        assertThat(maps.height()).isEqualTo((int) height);
    }

    /** A network whose nodes and values are called as PyTorch calls them. */
    private static Model named() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", TensorType.of(ElementType.FLOAT32, 1, 3, 16, 16));
        Attributes pads = Attributes.NONE.with("pads", 1, 1, 1, 1);
        Attributes halves = Attributes.NONE.with("kernel_shape", 2, 2).with("strides", 2, 2);
        Value first = node(b, "Conv", "/body/conv1/Conv", pads, image, b.constant("k1", Nets.normal(40, 8, 3, 3, 3)));
        Value rectified = node(b, "Relu", "/body/relu/Relu", Attributes.NONE, first);
        Value pooled = node(b, "MaxPool", "/body/pool/MaxPool", halves, rectified);
        Value inner = node(b, "Conv", "/block/conv1/Conv", pads, pooled, b.constant("k2", Nets.normal(41, 8, 8, 3, 3)));
        Value sum = node(b, "Add", "/block/Add", Attributes.NONE, inner, pooled);
        Value last = node(b, "LeakyRelu", "/block/relu/LeakyRelu", Attributes.NONE, sum);
        Value row = mean(b, last);
        Value hidden = node(b, "Gemm", "/head/fc/Gemm", Attributes.NONE, row, b.constant("w1", Nets.normal(42, 8, 6)));
        // Called as the short name of the layer above would be.
        Value logits =
                node(b, "Gemm", "dense1", Attributes.NONE, hidden, b.constant("w2", Nets.normal(43, 6, CLASSES)));
        return Nets.open("named", b.output(logits).build());
    }

    private static Value node(GraphBuilder b, String operator, String name, Attributes attributes, Value... inputs) {
        Value output = new Value(name + "_output_0");
        b.add(new Node(name, "", operator, List.of(inputs), List.of(output), attributes));
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        "/block/conv1/Conv_output_0,/block/conv1/Conv_output_0",
        "/block/conv1/Conv,/block/conv1/Conv_output_0",
        "conv2,/block/conv1/Conv_output_0",
        "CONV2,/block/conv1/Conv_output_0",
        "pool1,/body/pool/MaxPool_output_0",
        "relu2,/block/relu/LeakyRelu_output_0",
        "block1.add,/block/Add_output_0",
        "block/conv1,/block/conv1/Conv_output_0",
        "block.conv1,/block/conv1/Conv_output_0",
        "leaky,/block/relu/LeakyRelu_output_0",
        "' fc ',/head/fc/Gemm_output_0",
        "dense1,dense1_output_0",
        "dense2,dense1_output_0",
    })
    void layersGoByNameShortNameAndPart(String text, String expected) {
        assertThat(named().anatomy().find(text).name()).isEqualTo(expected);
    }

    @Test
    void ambiguousPartsAreListedAndUnknownNamesGetNearMisses() {
        Anatomy layers = named().anatomy();
        assertThatThrownBy(() -> layers.find("conv1/"))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(VitrineException.Kind.USAGE))
                .hasMessageContaining("'conv1/' matches 2 layers")
                .hasMessageContaining("/body/conv1/Conv_output_0 (conv1), /block/conv1/Conv_output_0 (conv2)");
        assertThatThrownBy(() -> layers.find("conv12")).hasMessageContaining("_output_0, conv1, conv2?");
        assertThatThrownBy(() -> layers.find(" ")).hasMessageContaining("found no name");
    }

    /** Short names depend on the file alone, not on how it is opened; a name in the file goes first. */
    @Test
    void shortNamesAreStable() {
        Model model = named();
        Anatomy layers = model.anatomy();
        List<String> aliases = layers.all().stream()
                .map(layer -> layers.alias(layer).orElse("-"))
                .toList();
        assertThat(aliases)
                .containsExactly(
                        "conv1", "relu1", "pool1", "conv2", "block1.add", "relu2", "pool2", "flatten1", "-", "dense2");
        Model untyped = model.withGraph(model.graph().withTypes(java.util.Map.of()));
        Anatomy others = untyped.anatomy();
        assertThat(layers.all().stream().map(others::alias).toList())
                .isEqualTo(layers.all().stream().map(layers::alias).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"grad-cam", "layer-cam", "score-cam", "ablation-cam", "recipro-cam", "guided-grad-cam"})
    void forAUnitTheMapsLieAtOrBeforeIt(String id) {
        Model model = named();
        Anatomy layers = model.anatomy();
        Tensor image = Nets.noise(model, 1, 44);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (String unit : List.of("conv1", "relu2", "fc")) {
                UnitScore score = new UnitScore(layers.find(unit), new UnitScore.Channel(3));
                var method = Attributions.find(id).standard().settled(model, score);
                assertThat(method.options())
                        .containsEntry(
                                "layer",
                                layers.find(unit.equals("fc") ? "relu2" : unit).name());
                Explanation explanation =
                        session.explainer(method, score).explain(image, ModelSession.targets(0), Progress.NONE);
                assertThat(Nets.relativeError(
                                explanation.attribution(),
                                Tensor.zeros(
                                        ElementType.FLOAT32,
                                        explanation.attribution().shape())))
                        .as("%s of %s", id, unit)
                        .isPositive();
            }
        }
    }

    /**
     * Where the maps are the layer itself, the mean of channel 3 makes the map max(A₃, 0) over the number of places.
     */
    @Test
    void theMapOfAChannelAtItsOwnLayerIsTheChannel() {
        Model model = named();
        Value layer = model.anatomy().find("conv1");
        UnitScore score = new UnitScore(layer, new UnitScore.Channel(3));
        Tensor image = Nets.noise(model, 1, 45);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                var whole = Nets.RUNNER.load(new dev.vitrine.engine.rewrite.Cut(List.of(layer)).apply(model.graph()))) {
            float[] maps =
                    whole.run(java.util.Map.of(model.input(), image)).get(layer).toFloats();
            float[] expected = new float[256];
            for (int place = 0; place < 256; place++) {
                expected[place] = Math.max(0, maps[3 * 256 + place]) / 256;
            }
            Tensor found = session.explainer(Attributions.find("grad-cam").standard(), score)
                    .explain(image, ModelSession.targets(0), Progress.NONE)
                    .attribution();
            // The weight is the mean of the slopes 1/256, and the slopes themselves are that.
            assertThat(Nets.relativeError(found, Tensor.floats(expected, 1, 1, 16, 16)))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void aLayerBehindTheUnitIsRefused() {
        Model model = named();
        UnitScore score = new UnitScore(model.anatomy().find("relu1"), new UnitScore.Channel(3));
        LayerAttribution method =
                (LayerAttribution) Attributions.find("grad-cam").with(SettingValues.NONE.with("layer", "conv2"));
        assertThatThrownBy(() -> method.maps(model, score))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("'/block/conv1/Conv_output_0' has no influence on channel 3 of /body/relu/Relu");
        assertThat(method.settled(model, new UnitScore(model.anatomy().find("relu2"), new UnitScore.Channel(3))))
                .isSameAs(method);
    }

    /** A block on maps, as a 1×1 convolution, or on tokens behind others, as a matrix product; then the mean. */
    private static Model block(String form, int before) {
        Tensor weights = Nets.normal(50, 8, 8);
        Ending ending = (b, x) -> {
            boolean maps = form.equals("maps");
            Value in = x;
            if (form.equals("last")) {
                in = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), x);
            } else if (form.equals("tokens")) {
                Value rows = b.node("Reshape", x, b.vector(0, 8, 256));
                in = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 1), rows);
                if (before > 0) {
                    Value others = b.constant("class", Nets.normal(51, 1, before, 8));
                    in = b.node("Concat", Attributes.NONE.with("axis", 1), others, in);
                }
            }
            Value turned = maps
                    ? b.node("Conv", in, b.constant("kernel", transposed(weights)))
                    : b.node("MatMul", in, b.constant("weights", weights));
            Value sum = b.node("Add", in, turned);
            Value rectified = b.node("Elu", sum);
            Value mean = form.equals("tokens")
                    ? b.node("ReduceSum", Attributes.NONE.with("keepdims", 0L), rectified, b.vector(1))
                    : b.node(
                            "ReduceSum",
                            Attributes.NONE.with("keepdims", 0L),
                            rectified,
                            maps ? b.vector(2, 3) : b.vector(1, 2));
            return dense(b, mean, 8, CLASSES);
        };
        return network(ending);
    }

    /** {@code f32[out,in,1,1]} of {@code f32[in,out]}. */
    private static Tensor transposed(Tensor weights) {
        float[] values = new float[64];
        for (int index = 0; index < 64; index++) {
            values[index] = weights.floats().get(index % 8 * 8 + index / 8);
        }
        return Tensor.floats(values, 8, 8, 1, 1);
    }

    /** Tokens of places, behind a class token or not, and channels last give the maps that channels first do. */
    @ParameterizedTest
    @CsvSource({"tokens,0", "tokens,2", "last,0"})
    void tokensStandForPlaces(String form, int before) {
        Model maps = block("maps", 0);
        Model other = block(form, before);
        Tensor image = Nets.noise(maps, 1, 52);
        Value sum = sum(maps);
        Value otherSum = sum(other);
        if (form.equals("tokens")) {
            assertThat(other.anatomy().lastMaps().value()).isEqualTo(otherSum);
            assertThat(other.anatomy().lastMaps().before()).isEqualTo(before);
        }
        for (String id : List.of("grad-cam", "hires-cam", "eigen-cam", "score-cam", "recipro-cam")) {
            Tensor expected = map(maps, id, sum, image);
            Tensor found = map(other, id, otherSum, image);
            assertThat(found.shape()).containsExactly(1, 1, 16, 16);
            if (id.equals("recipro-cam")) {
                assertThat(Nets.relativeError(found, expected)).as(id).isLessThan(1e-3);
            } else {
                assertThat(Nets.relativeError(found, expected)).as(id).isLessThan(1e-4);
            }
        }
    }

    /** A channel is the same channel, its mean over the same places, wherever the channels are. */
    @ParameterizedTest
    @CsvSource({"tokens,0", "tokens,2", "last,0"})
    void unitsOfTokensAreChannels(String form, int before) {
        Model maps = block("maps", 0);
        Model other = block(form, before);
        Tensor image = Nets.noise(maps, 1, 54);
        List<Float> direction = List.of(1f, 0f, -1f, 2f, 0f, 0f, 0.5f, 0f);
        for (UnitScore.Unit unit :
                List.of(new UnitScore.Channel(7), new UnitScore.Neuron(6, 15, 2), new UnitScore.Direction(direction))) {
            assertThat(gradient(other, new UnitScore(sum(other), unit), image))
                    .as("%s %s", form, unit)
                    .satisfies(found -> assertThat(
                                    Nets.relativeError(found, gradient(maps, new UnitScore(sum(maps), unit), image)))
                            .isLessThan(1e-5));
        }
        assertThatThrownBy(() -> new UnitScore(sum(other), new UnitScore.Channel(8)).requireIn(other))
                .hasMessageContaining("has no channel 8; expected 0 to 7, of 8.");
        assertThatThrownBy(() -> new UnitScore(sum(other), new UnitScore.Neuron(0, 16, 0)).requireIn(other))
                .hasMessageContaining("has no row 16; expected 0 to 15");
    }

    private static Tensor gradient(Model model, UnitScore score, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(Attributions.find("gradient").standard(), score)
                    .explain(image, ModelSession.targets(0), Progress.NONE)
                    .attribution();
        }
    }

    private static Value sum(Model model) {
        return model.anatomy().find("block1.add");
    }

    private static Tensor map(Model model, String id, Value layer, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            var method = Attributions.find(id).with(SettingValues.NONE.with("layer", layer.name()));
            assertThat(method.shape(model)).containsExactly(1, 1, 16, 16);
            return session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(image, ModelSession.targets(3), Progress.NONE)
                    .attribution();
        }
    }

    /** In a vision transformer: the last block whose tokens the class token still reads. */
    @Test
    void theLayerOfAVisionTransformerIsBeforeTheLastAttention() {
        for (int blocks : new int[] {1, 3}) {
            Model model = Nets.open(
                    "vit",
                    Architectures.vit(
                            new Architectures.Size(1 / 16.0, 32, 10, 1),
                            8,
                            4,
                            blocks,
                            Architectures.GeluForm.OPERATOR));
            LayerMaps last = model.anatomy().lastMaps();
            assertThat(last.form()).isEqualTo(LayerMaps.Form.TOKENS);
            assertThat(List.of(last.height(), last.width(), last.before())).containsExactly(4, 4, 1);
            Node node = model.graph().producers().get(last.value());
            assertThat(node.operator()).isEqualTo("Add");
            Tensor map = mapOf(model, last);
            assertThat(map.shape()).containsExactly(1, 1, 4, 4);
        }
    }

    private static Tensor mapOf(Model model, LayerMaps last) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Tensor map = session.explainer(
                            Attributions.find("hires-cam").standard(), ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(Nets.noise(model, 1, 53), ModelSession.targets(3), Progress.NONE)
                    .attribution();
            assertThat(Nets.relativeError(map, Tensor.zeros(ElementType.FLOAT32, map.shape())))
                    .as(last.toString())
                    .isPositive();
            return map;
        }
    }

    @Test
    void aUnitThatIsNotThereIsAUsageErrorAtOnce() {
        Model model = named();
        Value layer = model.anatomy().find("conv1");
        for (UnitScore.Unit unit :
                List.of(new UnitScore.Channel(8), new UnitScore.Neuron(1, 16, 0), new UnitScore.Neuron(1, 0, 16))) {
            assertThatThrownBy(() -> new UnitScore(layer, unit).requireIn(model))
                    .isInstanceOfSatisfying(
                            VitrineException.class,
                            problem -> assertThat(problem.kind()).isEqualTo(VitrineException.Kind.USAGE))
                    .hasMessageContaining("Layer '/body/conv1/Conv_output_0' has no ")
                    .hasMessageContaining("expected 0 to ");
        }
        new UnitScore(layer, new UnitScore.Neuron(7, 15, 15)).requireIn(model);
    }
}
