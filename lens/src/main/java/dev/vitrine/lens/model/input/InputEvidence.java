package dev.vitrine.lens.model.input;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the first operators tell of the pictures that a network takes: a convolution knows how many channels it reads and,
 * with the transposes before it, on which axis of the input they lie; arithmetic before it is preprocessing that the
 * network does itself.
 *
 * @param layout empty where no convolution was met
 * @param channels empty where no convolution was met
 * @param white what white is for the network's own preprocessing, 1 or 255; empty where it does none
 */
record InputEvidence(Optional<Layout> layout, OptionalInt channels, OptionalDouble white) {
    static final InputEvidence NONE = new InputEvidence(Optional.empty(), OptionalInt.empty(), OptionalDouble.empty());

    private static final Set<Role> SCALING = EnumSet.of(Role.SUM, Role.DIFFERENCE, Role.PRODUCT, Role.QUOTIENT);

    private static final Set<Space> SAME_AXES = EnumSet.of(
            Space.PADDING,
            Space.SLICE,
            Space.RESAMPLING,
            Space.PICKING_ALONG_AXIS,
            Space.JOIN,
            Space.PART,
            Space.PER_CHANNEL);

    /** What no mean or deviation of pictures in 0..1 exceeds. */
    private static final double LARGEST_OF_UNIT = 2;

    /** The least factor that pictures in 0..1 are multiplied by, such as 1 / 0.3 or 2; 1 / 58 belongs to 0..255. */
    private static final double LEAST_FACTOR = 0.1;

    static InputEvidence of(Graph graph, Value input) {
        return new Walk(graph).from(input);
    }

    private static final class Walk {
        private final Graph graph;
        private final Map<Value, Node> producers;
        private final Map<Value, List<Integer>> axes = new HashMap<>();
        private boolean computes;
        private boolean bytes;

        Walk(Graph graph) {
            this.graph = graph;
            this.producers = graph.producers();
        }

        InputEvidence from(Value input) {
            axes.put(input, List.of(0, 1, 2, 3));
            Optional<Layout> layout = Optional.empty();
            OptionalInt channels = OptionalInt.empty();
            for (Node node : graph.nodes()) {
                Optional<Value> source =
                        node.inputs().stream().filter(axes::containsKey).findFirst();
                if (source.isEmpty()) {
                    continue;
                }
                List<Integer> order = axes.get(source.get());
                Operator row = OperatorTable.row(node);
                if (row.isConvolution() && row.space() == Space.WINDOW) {
                    Optional<Tensor> kernel = constant(node.input(row.kernel().input()));
                    if (kernel.isPresent() && kernel.get().rank() == 4) {
                        layout = layout(order.get(1));
                        double read = (double) kernel.get().dimension(1)
                                * node.attributes().integer("group", 1);
                        channels = read >= 1 && read <= ChannelOrder.MOST
                                ? OptionalInt.of((int) read)
                                : OptionalInt.empty();
                    }
                    break;
                }
                step(node, order);
            }
            return new InputEvidence(
                    layout, channels, computes ? OptionalDouble.of(bytes ? 255 : 1) : OptionalDouble.empty());
        }

        private void step(Node node, List<Integer> order) {
            Operator row = OperatorTable.row(node);
            if (row.space() == Space.TURN) {
                long[] permutation = node.attributes().integers("perm", 3, 2, 1, 0);
                if (permutation.length == 4 && Arrays.stream(permutation).allMatch(axis -> axis >= 0 && axis < 4)) {
                    axes.put(
                            node.output(),
                            Arrays.stream(permutation)
                                    .mapToObj(axis -> order.get((int) axis))
                                    .toList());
                }
            } else if (isScaling(row)) {
                Optional<Tensor> factor = node.inputs().stream()
                        .flatMap(value -> constant(value).stream())
                        .findFirst();
                if (factor.isPresent()) {
                    computes(node, factor.get());
                    axes.put(node.output(), order);
                }
            } else if (keepsAxes(row)) {
                node.outputs().forEach(output -> axes.put(output, order));
            }
        }

        private static boolean isScaling(Operator row) {
            return row.kind() == Operator.Kind.ARITHMETIC && SCALING.contains(row.role());
        }

        private static boolean keepsAxes(Operator row) {
            return row.effect().passesNumbers() || row.role() == Role.BOUND || SAME_AXES.contains(row.space());
        }

        private void computes(Node node, Tensor factor) {
            if (factor.elementType() != ElementType.FLOAT32 || factor.elements() == 0) {
                return;
            }
            double largest = 0;
            for (float value : factor.toFloats()) {
                largest = Math.max(largest, Math.abs(value));
            }
            computes = true;
            bytes |=
                    OperatorTable.row(node).role() == Role.PRODUCT ? largest < LEAST_FACTOR : largest > LARGEST_OF_UNIT;
        }

        private static Optional<Layout> layout(int channelAxis) {
            return switch (channelAxis) {
                case 1 -> Optional.of(Layout.NCHW);
                case 3 -> Optional.of(Layout.NHWC);
                default -> Optional.empty();
            };
        }

        /** A constant, also behind what unpacks quantized weights. */
        private Optional<Tensor> constant(Value value) {
            Deque<Value> open = new ArrayDeque<>(List.of(value));
            while (!open.isEmpty()) {
                Value next = open.remove();
                Optional<Tensor> found = graph.constant(next);
                if (found.isPresent()) {
                    return found;
                }
                Node node = producers.get(next);
                if (node != null && keepsAxes(OperatorTable.row(node)) && !axes.containsKey(next)) {
                    open.add(node.input(0));
                }
            }
            return Optional.empty();
        }
    }
}
