package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.rewrite.Wiring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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

    private static final class Folding {
        private final Graph graph;
        private final Wiring wiring;
        private final Patch patch;
        private final Map<Value, Growing> growing = new HashMap<>();
        private final List<Growing> layers = new ArrayList<>();
        private final Set<Node> removed = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Set<Value> behindLinear = new HashSet<>();

        Folding(Graph graph) {
            this.graph = graph;
            this.wiring = new Wiring(graph);
            this.patch = new Patch(graph);
        }

        Graph run() {
            graph.nodes().forEach(this::visit);
            removed.forEach(patch::take);
            layers.stream().filter(Folding::isChanged).forEach(this::write);
            return patch.apply();
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
                    .filter(wiring::isInner)
                    .findFirst();
            grown.ifPresent(value -> extend(node, value, growing.get(value)));
        }

        private void start(Node node, LinearLayer layer) {
            ChannelAffine before = ChannelAffine.none(layer.inputs());
            Value input = node.input(0);
            List<Node> absorbed = new ArrayList<>();
            Value reached = input;
            while (layer.seesNoBorder()
                    && wiring.isInner(reached)
                    && wiring.producer(reached).isPresent()) {
                Node producer = wiring.producer(reached).get();
                Value x = producer.inputs().stream()
                        .filter(value -> !graph.constants().containsKey(value))
                        .findFirst()
                        .orElse(Value.NONE);
                int axis = layer.axis();
                Optional<ChannelAffine> affine = ChannelAffine.of(graph, producer, x, axis, layer.inputs())
                        .filter(found -> x.isPresent());
                if (affine.isEmpty() || removed.contains(producer) || !behindLinear.contains(x)) {
                    break;
                }
                before = affine.get().then(before);
                absorbed.add(producer);
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
            layers.add(fresh);
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
                        removed.add(node);
                        growing.remove(value);
                        growing.put(node.output(), layer);
                    });
        }

        private void write(Growing layer) {
            patch.replace(layer.node);
            Value last = layer.settledMoves.isEmpty()
                    ? layer.end
                    : patch.fresh(layer.node.output().name());
            layer.layer.folded(graph, layer.input, layer.before, layer.settled, last, patch);
            for (int i = 0; i < layer.settledMoves.size(); i++) {
                Node transpose = layer.settledMoves.get(i);
                patch.take(transpose);
                Value output = i == layer.settledMoves.size() - 1
                        ? layer.end
                        : patch.fresh(transpose.output().name());
                patch.add(transpose.withInputs(List.of(last)).withOutputs(List.of(output)));
                last = output;
            }
        }
    }
}
