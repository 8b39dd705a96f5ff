package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures.GeluForm;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Writes the layers that networks are made of, with random weights that keep activations in range. */
final class Layers {
    /**
     * A value with the sizes that the next layer needs: f32[N,channels,height,width], or f32[N,channels] where both are
     * 0, or f32[N,tokens,channels] where {@code height} counts tokens and the width is 0.
     */
    record Feature(Value value, int channels, int height, int width) {
        Feature with(Value newValue) {
            return new Feature(newValue, channels, height, width);
        }
    }

    private final GraphBuilder builder = new GraphBuilder();
    private final RandomGenerator random;

    Layers(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    GraphBuilder builder() {
        return builder;
    }

    void scope(String prefix) {
        builder.scope(prefix);
    }

    Feature image(int pixels) {
        TensorType type = new TensorType(
                ElementType.FLOAT32,
                List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(pixels), Dimension.of(pixels)));
        return new Feature(builder.input("image", type), 3, pixels, pixels);
    }

    private Value weights(String name, DoubleSupplier draw, long... shape) {
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        while (bytes.hasRemaining()) {
            bytes.putFloat((float) draw.getAsDouble());
        }
        return builder.constant(name, Tensor.wrap(ElementType.FLOAT32, shape, bytes.flip()));
    }

    private Value normal(String name, double deviation, long... shape) {
        return weights(name, () -> deviation * random.nextGaussian(), shape);
    }

    private Value uniform(String name, double low, double high, long... shape) {
        return weights(name, () -> random.nextDouble(low, high), shape);
    }

    /** He et al. 2015, arXiv:1502.01852: deviation √(2 / fan-in). */
    private Value he(int fanIn, long... shape) {
        return normal("weight", Math.sqrt(2.0 / fanIn), shape);
    }

    Feature conv(Feature x, int filters, int kernel, int stride, int pad, int groups) {
        return conv(x, filters, kernel, stride, pad, groups, normal("bias", .1, filters));
    }

    /** Without bias. */
    Feature convPlain(Feature x, int filters, int kernel, int stride, int pad, int groups) {
        return conv(x, filters, kernel, stride, pad, groups, Value.NONE);
    }

    private Feature conv(Feature x, int filters, int kernel, int stride, int pad, int groups, Value bias) {
        int inputs = x.channels() / groups;
        Value weight = he(inputs * kernel * kernel, filters, inputs, kernel, kernel);
        Attributes attributes = window(kernel, stride, pad).with("group", groups);
        Value y = builder.node("Conv", attributes, x.value(), weight, bias);
        return new Feature(y, filters, slid(x.height(), kernel, stride, pad), slid(x.width(), kernel, stride, pad));
    }

    private static Attributes window(int kernel, int stride, int pad) {
        return Attributes.NONE
                .with("kernel_shape", new long[] {kernel, kernel})
                .with("strides", new long[] {stride, stride})
                .with("pads", new long[] {pad, pad, pad, pad});
    }

    private static int slid(int size, int kernel, int stride, int pad) {
        return (size + 2 * pad - kernel) / stride + 1;
    }

    /** Scales around {@code gain}; statistics as a trained network could have them. */
    Feature batchNorm(Feature x, double gain) {
        int channels = x.channels();
        return x.with(builder.node(
                "BatchNormalization",
                Attributes.NONE.with("epsilon", 1e-5f),
                x.value(),
                uniform("scale", .5 * gain, 1.5 * gain, channels),
                normal("bias", .1, channels),
                normal("mean", .1, channels),
                uniform("variance", .5, 1.5, channels)));
    }

    Feature convNorm(Feature x, int filters, int kernel, int stride, int pad, int groups) {
        return batchNorm(convPlain(x, filters, kernel, stride, pad, groups), 1);
    }

    Feature localResponse(Feature x, float bias) {
        Attributes attributes = Attributes.NONE
                .with("size", 5)
                .with("alpha", 1e-4f)
                .with("beta", .75f)
                .with("bias", bias);
        return x.with(builder.node("LRN", attributes, x.value()));
    }

    /** {@code ceil} is 1 where a last window may reach past the end. */
    Feature maxPool(Feature x, int kernel, int stride, int pad, int ceil) {
        Value y = builder.node("MaxPool", window(kernel, stride, pad).with("ceil_mode", ceil), x.value());
        return new Feature(
                y,
                x.channels(),
                slid(x.height() + ceil * (stride - 1), kernel, stride, pad),
                slid(x.width() + ceil * (stride - 1), kernel, stride, pad));
    }

    Feature averagePool(Feature x, int kernel, int stride) {
        Value y = builder.node("AveragePool", window(kernel, stride, 0), x.value());
        return new Feature(y, x.channels(), slid(x.height(), kernel, stride, 0), slid(x.width(), kernel, stride, 0));
    }

    Feature globalAverage(Feature x) {
        return new Feature(builder.node("GlobalAveragePool", x.value()), x.channels(), 1, 1);
    }

    Feature flatten(Feature x) {
        Value y = builder.node("Flatten", Attributes.NONE.with("axis", 1), x.value());
        return new Feature(y, x.channels() * x.height() * x.width(), 0, 0);
    }

    Feature dropout(Feature x) {
        return x.with(builder.node("Dropout", x.value()));
    }

    Feature dense(Feature x, int outputs) {
        Value y = builder.node(
                "Gemm",
                Attributes.NONE.with("transB", 1),
                x.value(),
                he(x.channels(), outputs, x.channels()),
                normal("bias", .1, outputs));
        return new Feature(y, outputs, 0, 0);
    }

    /** The last dense layer, whose output has the name that every network's output has. */
    Graph logits(Feature x, int classes) {
        Value weight = he(x.channels(), classes, x.channels());
        Attributes attributes = Attributes.NONE.with("transB", 1);
        return finish("Gemm", attributes, x.value(), weight, normal("bias", .1, classes));
    }

    Graph finish(String opType, Attributes attributes, Value... inputs) {
        Value logits = new Value("logits");
        builder.add(new Node("logits", "", opType, List.of(inputs), List.of(logits), attributes));
        return builder.output(logits).build();
    }

    Feature relu(Feature x) {
        return x.with(builder.node("Relu", x.value()));
    }

    Feature relu6(Feature x) {
        return x.with(builder.node("Clip", x.value(), builder.constant(0f), builder.constant(6f)));
    }

    Feature hardSwish(Feature x) {
        return x.with(builder.node("HardSwish", x.value()));
    }

    /** {@code max(0, min(1, x/6 + 1/2))}. */
    Feature hardSigmoid(Feature x) {
        return x.with(builder.node("HardSigmoid", Attributes.NONE.with("alpha", 1f / 6), x.value()));
    }

    Feature sigmoid(Feature x) {
        return x.with(builder.node("Sigmoid", x.value()));
    }

    Feature swish(Feature x) {
        return mul(x, sigmoid(x));
    }

    Feature gelu(Feature x, GeluForm form) {
        return x.with(
                switch (form) {
                    case OPERATOR -> builder.node("Gelu", x.value());
                    case ERF -> {
                        Value scaled = builder.node("Div", x.value(), builder.constant((float) Math.sqrt(2)));
                        Value shifted = builder.node("Add", builder.node("Erf", scaled), builder.constant(1f));
                        yield builder.node("Mul", builder.node("Mul", x.value(), shifted), builder.constant(.5f));
                    }
                });
    }

    Feature add(Feature x, Feature y) {
        return x.with(builder.node("Add", x.value(), y.value()));
    }

    Feature mul(Feature x, Feature y) {
        return x.with(builder.node("Mul", x.value(), y.value()));
    }

    Feature concat(Feature... parts) {
        Value[] values = Arrays.stream(parts).map(Feature::value).toArray(Value[]::new);
        int channels = Arrays.stream(parts).mapToInt(Feature::channels).sum();
        Value y = builder.node("Concat", Attributes.NONE.with("axis", 1), values);
        return new Feature(y, channels, parts[0].height(), parts[0].width());
    }

    List<Feature> halves(Feature x) {
        int half = x.channels() / 2;
        Attributes attributes = Attributes.NONE.with("axis", 1);
        return builder.nodes("Split", 2, attributes, x.value(), builder.vector(half, half)).stream()
                .map(part -> new Feature(part, half, x.height(), x.width()))
                .toList();
    }

    Feature shuffle(Feature x, int groups) {
        int each = x.channels() / groups;
        Value split = builder.node("Reshape", x.value(), builder.vector(0, groups, each, x.height(), x.width()));
        Value mixed = builder.node("Transpose", permutation(0, 2, 1, 3, 4), split);
        return x.with(builder.node("Reshape", mixed, builder.vector(0, x.channels(), x.height(), x.width())));
    }

    private static Attributes permutation(long... axes) {
        return Attributes.NONE.with("perm", axes);
    }

    Feature channelsLast(Feature x) {
        return x.with(builder.node("Transpose", permutation(0, 2, 3, 1), x.value()));
    }

    Feature channelsFirst(Feature x) {
        return x.with(builder.node("Transpose", permutation(0, 3, 1, 2), x.value()));
    }

    /** Over the last axis, which holds the channels. */
    Feature layerNorm(Feature x, float epsilon) {
        return x.with(builder.node(
                "LayerNormalization",
                Attributes.NONE.with("axis", -1).with("epsilon", epsilon),
                x.value(),
                uniform("scale", .5, 1.5, x.channels()),
                normal("bias", .1, x.channels())));
    }

    /** A matrix product over the last axis, which holds the channels. */
    Feature linear(Feature x, int outputs) {
        Value product = builder.node("MatMul", x.value(), he(x.channels(), x.channels(), outputs));
        return new Feature(builder.node("Add", product, normal("bias", .1, outputs)), outputs, x.height(), x.width());
    }

    /** A factor for each channel, which the last axis holds. */
    Feature layerScale(Feature x) {
        return x.with(builder.node("Mul", x.value(), uniform("scale", .1, .5, x.channels())));
    }

    /** f32[N,C,H,W] to f32[N,H·W,C]. */
    Feature tokens(Feature x) {
        int count = x.height() * x.width();
        Value flat = builder.node("Reshape", x.value(), builder.vector(0, x.channels(), count));
        return new Feature(builder.node("Transpose", permutation(0, 2, 1), flat), x.channels(), count, 0);
    }

    /** A learnt token in front of the others, as many times as the batch is large, and learnt positions added. */
    Feature classTokenAndPositions(Feature x, Value image) {
        int channels = x.channels();
        Value batch = builder.node("Shape", Attributes.NONE.with("start", 0).with("end", 1), image);
        Value shape = builder.node("Concat", Attributes.NONE.with("axis", 0), batch, builder.vector(1, channels));
        Value token = builder.node("Expand", normal("token", 1, 1, 1, channels), shape);
        Value joined = builder.node("Concat", Attributes.NONE.with("axis", 1), token, x.value());
        int count = x.height() + 1;
        return new Feature(
                builder.node("Add", joined, normal("positions", .5, 1, count, channels)), channels, count, 0);
    }

    /** Multi-head self-attention: {@code softmax(q·kᵀ / √d)·v} for each head, then a linear layer. */
    Feature attention(Feature x, int heads) {
        int channels = x.channels();
        int each = channels / heads;
        Value packed = linear(x, 3 * channels).value();
        Value split = builder.node("Reshape", packed, builder.vector(0, x.height(), 3, heads, each));
        Value turned = builder.node("Transpose", permutation(2, 0, 3, 1, 4), split);
        Value[] parts = new Value[3];
        for (int i = 0; i < 3; i++) {
            Value index = builder.constant(Tensor.scalar((long) i));
            parts[i] = builder.node("Gather", Attributes.NONE.with("axis", 0), turned, index);
        }
        Value keys = builder.node("Transpose", permutation(0, 1, 3, 2), parts[1]);
        Value query = builder.node("Mul", parts[0], builder.constant((float) (1 / Math.sqrt(each))));
        Value scores = builder.node("MatMul", query, keys);
        Value weights = builder.node("Softmax", Attributes.NONE.with("axis", -1), scores);
        Value mixed = builder.node("MatMul", weights, parts[2]);
        Value merged = builder.node("Transpose", permutation(0, 2, 1, 3), mixed);
        Value joined = builder.node("Reshape", merged, builder.vector(0, x.height(), channels));
        return linear(x.with(joined), channels);
    }

    Feature firstToken(Feature x) {
        Value index = builder.constant(Tensor.scalar(0L));
        Value y = builder.node("Gather", Attributes.NONE.with("axis", 1), x.value(), index);
        return new Feature(y, x.channels(), 0, 0);
    }
}
