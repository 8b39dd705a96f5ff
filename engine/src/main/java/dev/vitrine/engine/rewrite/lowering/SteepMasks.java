package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.rewrite.Wiring;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The slopes of rectifiers by operators that keep the runtime's blocked layout, which comparisons leave: [y > 0] =
 * min(max(2¹²⁷ y, 0), 1), a hard sigmoid, and 1 where y > 0, else α, = min(max(2⁹⁰ y, α), 1), a convolution of each channel
 * by itself and Clip. Both are exact but for positive y so small that no float of ordinary size is their multiple:
 * subnormal ones, and those below 2⁻⁹⁰.
 *
 * <p>Fires for outputs y of Relu and LeakyRelu, pooled or not; for LeakyRelu with α from 0 to 1 where channels fill whole
 * blocks, which needs the type of y.
 */
public final class SteepMasks implements GraphTransform {
    /** A factor whose product with any number of ordinary size is above 1, and finite. */
    private static final float HUGE = 0x1p90f;

    /** Channels come in whole blocks of this many on the widest processors. */
    private static final int BLOCK = 16;

    private static final Pattern POSITIVE = Pattern.of("Greater")
            .where((node, wiring) -> number(node.input(1), wiring).equals(OptionalDouble.of(0)))
            .inner();
    private static final Pattern STEP = Pattern.of("Cast")
            .where(node -> node.attributes().integer("to", 0) == ElementType.FLOAT32.code())
            .reading(0, POSITIVE);
    private static final Pattern SLOPE = Pattern.of("Where")
            .where((node, wiring) -> number(node.input(1), wiring).equals(OptionalDouble.of(1))
                    && number(node.input(2), wiring).orElse(-1) >= 0
                    && number(node.input(2), wiring).orElse(2) <= 1)
            .reading(0, POSITIVE);

    @Override
    public Graph apply(Graph graph) {
        Graph stepped = STEP.rewrite(graph, (match, patch) -> {
            Node step = match.node(STEP);
            Value y = match.node(POSITIVE).input(0);
            if (rectifies(y, "Relu", match.wiring())) {
                Attributes steep = Attributes.NONE.with("alpha", 0x1p127f).with("beta", 0f);
                patch.replace(step).into(step.output(), "HardSigmoid", steep, y);
            }
        });
        return SLOPE.rewrite(stepped, (match, patch) -> {
            Node slope = match.node(SLOPE);
            Value y = match.node(POSITIVE).input(0);
            Optional<TensorType> type = match.wiring().type(y).filter(SteepMasks::fillsBlocks);
            if (type.isPresent() && rectifies(y, "LeakyRelu", match.wiring())) {
                patch.replace(slope);
                Value steep = steep(y, (int) type.get().dimension(1).size(), patch);
                patch.into(slope.output(), "Clip", Attributes.NONE, steep, slope.input(2), slope.input(1));
            }
        });
    }

    /** Whether a value is the output of a rectifier, or of poolings of it. */
    private static boolean rectifies(Value value, String rectifier, Wiring wiring) {
        Optional<Node> source = wiring.producer(value);
        while (source.isPresent() && source.get().operator().equals("MaxPool")) {
            source = wiring.producer(source.get().input(0));
        }
        return source.filter(node -> node.operator().equals(rectifier)).isPresent();
    }

    private static OptionalDouble number(Value value, Wiring wiring) {
        Optional<Tensor> scalar = wiring.weight(value).filter(tensor -> tensor.elements() == 1);
        return scalar.isPresent() ? OptionalDouble.of(scalar.get().floats().get(0)) : OptionalDouble.empty();
    }

    private static boolean fillsBlocks(TensorType type) {
        return type.rank() == 4
                && type.dimension(1).isFixed()
                && type.dimension(1).size() % BLOCK == 0
                && type.dimension(2).isFixed()
                && type.dimension(3).isFixed();
    }

    private static Value steep(Value y, int channels, Patch patch) {
        float[] factors = new float[channels];
        Arrays.fill(factors, HUGE);
        Attributes attributes = Attributes.NONE
                .with("group", channels)
                .with("kernel_shape", 1, 1)
                .with("strides", 1, 1)
                .with("pads", 0, 0, 0, 0);
        Value kernel = patch.builder().constant(Tensor.floats(factors, channels, 1, 1, 1));
        return patch.builder().node("Conv", attributes, y, kernel);
    }
}
