package dev.vitrine.lens.training.network;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Builds a network layer by layer as an ordinary inference graph with random weights.
 *
 * <p>Weights of layers before a rectifier are N(0, 2/fan-in), biases 0. He et al. 2015, arXiv:1502.01852.
 */
public final class NetworkBuilder {
    /** Name of the input, {@code f32[N,C,H,W]}. */
    public static final String INPUT = "image";

    /** Name of the open first dimension. */
    public static final Dimension BATCH = Dimension.named("N");

    private final GraphBuilder builder = new GraphBuilder();
    private final RandomGenerator random;
    private final Map<String, Integer> counts = new HashMap<>();
    private Value here;
    private long[] shape;

    /** For pictures {@code f32[N,channels,height,width]}. */
    public NetworkBuilder(int channels, int height, int width, RandomGenerator random) {
        this.random = random;
        this.shape = new long[] {channels, height, width};
        this.here = builder.input(
                INPUT,
                TensorType.of(ElementType.FLOAT32, -1, channels, height, width).withDimension(0, BATCH));
    }

    /** Shape of one sample after the last layer. */
    public long[] shape() {
        return shape.clone();
    }

    public NetworkBuilder convolution(String name, int filters, int size, int stride, int pad) {
        return convolution(name, filters, size, stride, pad, 1);
    }

    /**
     * @param spread factor of the usual standard deviation of the weights. Before batch normalization, which cancels
     *     it, a small one lets learned structure soon outweigh a filter's initial noise
     */
    public NetworkBuilder convolution(String name, int filters, int size, int stride, int pad, double spread) {
        requireMaps(name);
        long channels = shape[0];
        long height = (shape[1] + 2L * pad - size) / stride + 1;
        long width = (shape[2] + 2L * pad - size) / stride + 1;
        requirePlaces(name, height, width);
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", size, size)
                .with("strides", stride, stride)
                .with("pads", pad, pad, pad, pad);
        double deviation = spread * Math.sqrt(2.0 / (channels * size * size));
        Value weight = weight(name, deviation, filters, channels, size, size);
        return append("Conv", name, attributes, new long[] {filters, height, width}, weight, bias(name, filters));
    }

    public NetworkBuilder relu() {
        return append("Relu", numbered("relu"), Attributes.NONE, shape);
    }

    public NetworkBuilder maxPool(int size, int stride, int pad) {
        String name = numbered("pool");
        requireMaps(name);
        long height = (shape[1] + 2L * pad - size) / stride + 1;
        long width = (shape[2] + 2L * pad - size) / stride + 1;
        requirePlaces(name, height, width);
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", size, size)
                .with("strides", stride, stride)
                .with("pads", pad, pad, reached(shape[1], size, stride, pad), reached(shape[2], size, stride, pad));
        return append("MaxPool", name, attributes, new long[] {shape[0], height, width});
    }

    /** The part of the end padding that a window reaches. */
    private static long reached(long length, int size, int stride, int pad) {
        return Math.max(0, pad - (length + 2L * pad - size) % stride);
    }

    /** y = x / (2 + 10⁻⁴ Σ x²)^0.75 over some neighboring channels. Krizhevsky et al. 2012, section 3.3. */
    public NetworkBuilder localResponse(int size) {
        String name = numbered("norm");
        requireMaps(name);
        Attributes attributes = Attributes.NONE
                .with("size", size)
                .with("alpha", size * 1e-4f)
                .with("beta", 0.75f)
                .with("bias", 2f);
        return append("LRN", name, attributes, shape);
    }

    /** Normalized by running statistics, which training updates. Ioffe and Szegedy 2015, arXiv:1502.03167. */
    public NetworkBuilder batchNormalization() {
        String name = numbered("batchnorm");
        int channels = (int) shape[0];
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        Value scale = builder.constant(name + ".scale", Tensor.floats(ones, channels));
        Value bias = builder.constant(name + ".bias", Tensor.floats(new float[channels], channels));
        Value mean = builder.constant(name + ".mean", Tensor.floats(new float[channels], channels));
        Value variance = builder.constant(name + ".variance", Tensor.floats(ones, channels));
        return append("BatchNormalization", name, Attributes.NONE, shape, scale, bias, mean, variance);
    }

    /** Zeroes a share of the elements during training only. Srivastava et al. 2014. */
    public NetworkBuilder dropout(double ratio) {
        return append("Dropout", numbered("dropout"), Attributes.NONE, shape, builder.constant((float) ratio));
    }

    public NetworkBuilder fullyConnected(String name, int units) {
        return fullyConnected(name, units, Math.sqrt(2));
    }

    private NetworkBuilder fullyConnected(String name, int units, double gain) {
        if (shape.length > 1) {
            long elements = Tensor.elements(shape);
            append("Flatten", numbered("flatten"), Attributes.NONE.with("axis", 1), new long[] {elements});
        }
        Value weight = weight(name, gain / Math.sqrt(shape[0]), units, shape[0]);
        Attributes attributes = Attributes.NONE.with("transB", 1);
        return append("Gemm", name, attributes, new long[] {units}, weight, bias(name, units));
    }

    public NetworkBuilder meanPool() {
        String name = numbered("mean");
        requireMaps(name);
        return append("GlobalAveragePool", name, Attributes.NONE, new long[] {shape[0], 1, 1});
    }

    /**
     * y = x + f(x); x goes through a 1×1 convolution where f changes the shape. He et al. 2015, arXiv:1512.03385.
     *
     * @param branch builds f
     */
    public NetworkBuilder residual(String name, Consumer<NetworkBuilder> branch) {
        requireMaps(name);
        Value before = here;
        long[] shapeBefore = shape;
        branch.accept(this);
        Value after = here;
        long[] shapeAfter = shape;
        Value shortcut = before;
        if (!Arrays.equals(shapeBefore, shapeAfter)) {
            int stride = (int) ((shapeBefore[1] + shapeAfter[1] - 1) / shapeAfter[1]);
            here = before;
            shape = shapeBefore;
            convolution(name + ".shortcut", (int) shapeAfter[0], 1, stride, 0);
            if (!Arrays.equals(shape, shapeAfter)) {
                throw new IllegalArgumentException("residual '" + name + "': its branch makes " + text(shapeBefore)
                        + " into " + text(shapeAfter) + "; expected the same shape, or every stride-th place");
            }
            shortcut = here;
        }
        here = after;
        shape = shapeAfter;
        return append("Add", name, Attributes.NONE, shape, shortcut);
    }

    /** The last layer, one unit per class: logits {@code f32[N,classes]}. */
    public Graph classifier(String name, int classes) {
        fullyConnected(name, classes, 1);
        return builder.output(here).build();
    }

    private Value weight(String name, double deviation, long... weightShape) {
        float[] data = new float[Math.toIntExact(Tensor.elements(weightShape))];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * deviation);
        }
        return builder.constant(name + ".weight", Tensor.floats(data, weightShape));
    }

    private Value bias(String name, int size) {
        return builder.constant(name + ".bias", Tensor.floats(new float[size], size));
    }

    private NetworkBuilder append(String opType, String name, Attributes attributes, long[] newShape, Value... more) {
        Value output = builder.fresh(name);
        List<Value> inputs = new ArrayList<>();
        inputs.add(here);
        inputs.addAll(List.of(more));
        builder.addFresh(new Node(output.name(), "", opType, inputs, List.of(output), attributes));
        here = output;
        shape = newShape.clone();
        return this;
    }

    private String numbered(String kind) {
        return kind + counts.merge(kind, 1, Integer::sum);
    }

    private void requireMaps(String name) {
        if (shape.length != 3) {
            throw new IllegalArgumentException("layer '" + name + "' needs maps; what comes before it is flat");
        }
    }

    private void requirePlaces(String name, long height, long width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("layer '" + name + "': its window is larger than the maps before it, "
                    + text(shape) + "; expected a smaller window, more padding or fewer strides before");
        }
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape);
    }
}
