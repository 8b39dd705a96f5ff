package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Folds channel-wise scales and shifts after a convolution or dense layer (a separate bias, BatchNormalization, Mul and
 * Add; Transposes in between) into its weights and bias. Those before a layer are folded too, where no zero padding
 * intervenes and another linear layer precedes; before the first layer they normalize the input, and stay. MatMul with
 * a bias becomes Gemm; alpha and beta go into the weights.
 *
 * <p>Rules that depend on how a network is divided into layers (LRP) then give the same map for every export of it.
 * Requires the types of all values.
 */
public final class FoldAffine implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        return new Folding(graph).run();
    }

    /** A linear layer and what has been folded into it. */
    private static final class Growing {
        private final Node node;
        private final LinearLayer layer;
        private final ChannelAffine before;
        private final Value input;
        private ChannelAffine behind;
        private ChannelAffine settled;
        private List<Node> moves = List.of();
        private List<Node> settledMoves = List.of();
        private Value end;
        private int axis;

        Growing(Node node, LinearLayer layer, ChannelAffine before, Value input) {
            this.node = node;
            this.layer = layer;
            this.before = before;
            this.input = input;
            this.behind = ChannelAffine.none(layer.channels());
            this.settled = behind;
            this.end = node.output();
            this.axis = layer.axis();
        }

        void move(Node transpose) {
            long[] permutation = transpose.attributes().integers("perm");
            int from = axis;
            axis = IntStream.range(0, permutation.length)
                    .filter(i -> permutation[i] == from)
                    .findFirst()
                    .orElse(permutation.length == 0 ? -1 : from);
            List<Node> longer = new ArrayList<>(moves);
            longer.add(transpose);
            moves = longer;
        }

        void take(ChannelAffine affine, Value output) {
            behind = behind.then(affine);
            settled = behind;
            settledMoves = moves;
            end = output;
        }
    }

    private static final class Folding implements LinearLayer.Names {
        private final Graph graph;
        private final Map<Value, Integer> readers;
        private final Map<Value, Node> producers;
        private final GraphBuilder names;
        private final Map<Value, Tensor> constants;
        private final Map<Value, TensorType> types;
        private final Map<Value, Growing> growing = new HashMap<>();
        private final Map<String, Growing> layers = new LinkedHashMap<>();
        private final Set<String> removed = new HashSet<>();
        private final Set<Value> behindLinear = new HashSet<>();

        Folding(Graph graph) {
            this.graph = graph;
            this.readers = graph.readers();
            this.producers = graph.producers();
            this.names = new GraphBuilder(graph);
            this.constants = new LinkedHashMap<>(graph.constants());
            this.types = new LinkedHashMap<>(graph.types());
        }

        Graph run() {
            graph.nodes().forEach(this::visit);
            List<Node> nodes = new ArrayList<>();
            for (Node node : graph.nodes()) {
                Growing layer = layers.get(node.name());
                if (layer != null && isChanged(layer)) {
                    nodes.addAll(written(layer));
                } else if (!removed.contains(node.name())) {
                    nodes.add(node);
                }
            }
            Graph folded = new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets());
            return new Prune().apply(folded);
        }

        private static boolean isChanged(Growing layer) {
            return !layer.end.equals(layer.node.output())
                    || !layer.input.equals(layer.node.input(0))
                    || layer.layer.isScaled();
        }

        private void visit(Node node) {
            Optional<LinearLayer> layer = LinearLayer.of(graph, node);
            if (layer.isPresent()) {
                start(node, layer.get());
                return;
            }
            if (node.inputs().stream().anyMatch(behindLinear::contains)) {
                behindLinear.addAll(node.outputs());
            }
            Optional<Value> grown = node.inputs().stream()
                    .filter(growing::containsKey)
                    .filter(this::isInner)
                    .findFirst();
            grown.ifPresent(value -> extend(node, value, growing.get(value)));
        }

        private void start(Node node, LinearLayer layer) {
            ChannelAffine before = ChannelAffine.none(layer.inputs());
            Value input = node.input(0);
            List<String> absorbed = new ArrayList<>();
            Value reached = input;
            while (layer.seesNoBorder() && isInner(reached) && producers.containsKey(reached)) {
                Node producer = producers.get(reached);
                Value x = producer.inputs().stream()
                        .filter(value -> !graph.constants().containsKey(value))
                        .findFirst()
                        .orElse(Value.NONE);
                int axis = layer.axis();
                Optional<ChannelAffine> affine = ChannelAffine.of(graph, producer, x, axis, layer.inputs())
                        .filter(found -> x.isPresent());
                if (affine.isEmpty() || removed.contains(producer.name()) || !behindLinear.contains(x)) {
                    break;
                }
                before = affine.get().then(before);
                absorbed.add(producer.name());
                reached = x;
            }
            boolean folds = before.shifts() && layer.takesBias(graph);
            if (folds) {
                removed.addAll(absorbed);
                input = reached;
            } else {
                before = ChannelAffine.none(layer.inputs());
            }
            Growing fresh = new Growing(node, layer, before, input);
            growing.put(node.output(), fresh);
            layers.put(node.name(), fresh);
            behindLinear.addAll(node.outputs());
        }

        private void extend(Node node, Value value, Growing layer) {
            if (node.operator().equals("Transpose")) {
                layer.move(node);
                growing.remove(value);
                if (layer.axis >= 0) {
                    growing.put(node.output(), layer);
                }
                return;
            }
            ChannelAffine.of(graph, node, value, layer.axis, layer.layer.channels())
                    .filter(affine -> !affine.shifts() || layer.layer.takesBias(graph))
                    .ifPresent(affine -> {
                        layer.take(affine, node.output());
                        removed.add(node.name());
                        growing.remove(value);
                        growing.put(node.output(), layer);
                    });
        }

        /** Whether a value has exactly one reader and is not an output. */
        private boolean isInner(Value value) {
            return readers.getOrDefault(value, 0) == 1 && !graph.outputs().contains(value);
        }

        private List<Node> written(Growing layer) {
            List<Node> nodes = new ArrayList<>();
            boolean moved = !layer.settledMoves.isEmpty();
            Value own = moved ? value(layer.node.output().name(), graph.types().get(layer.node.output())) : layer.end;
            nodes.addAll(layer.layer.folded(graph, layer.input, layer.before, layer.settled, own, this));
            Value last = own;
            for (int i = 0; i < layer.settledMoves.size(); i++) {
                Node transpose = layer.settledMoves.get(i);
                removed.add(transpose.name());
                Value output = i == layer.settledMoves.size() - 1
                        ? layer.end
                        : value(transpose.output().name(), graph.types().get(transpose.output()));
                nodes.add(new Node(
                        transpose.name(), "", "Transpose", List.of(last), List.of(output), transpose.attributes()));
                last = output;
            }
            return nodes;
        }

        @Override
        public Value constant(String hint, Tensor tensor) {
            Value value = names.fresh(hint);
            constants.put(value, tensor);
            types.put(value, TensorType.of(tensor));
            return value;
        }

        @Override
        public Value value(String hint, TensorType type) {
            Value value = names.fresh(hint);
            types.put(value, type);
            return value;
        }
    }
}
