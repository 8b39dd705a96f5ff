package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * w ∗ Concat(a, b) = wₐ ∗ a + w_b ∗ b with w cut along its input channels: the same work without copying the parts
 * together, and backwards without taking them apart.
 *
 * <p>Fires for ungrouped convolutions with constant weights over at most four parts along the channels, where the
 * convolution is the only reader of the concatenation, which is no output. Needs the types of all values.
 */
public final class ConvolveParts implements GraphTransform {
    private static final int MOST_PARTS = 4;

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        GraphBuilder names = new GraphBuilder(graph);
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        Map<String, List<Node>> replaced = new HashMap<>();
        for (Node conv : graph.nodes()) {
            Node concat = producers.get(conv.input(0));
            if (concat == null || !fires(conv, concat, graph, readers)) {
                continue;
            }
            List<Node> nodes = new ArrayList<>();
            long from = 0;
            Value sum = Value.NONE;
            for (int i = 0; i < concat.inputs().size(); i++) {
                Value part = concat.input(i);
                long channels = graph.types().get(part).dimension(1).size();
                Value weight = names.fresh(conv.input(1).name() + ".part");
                constants.put(weight, inputChannels(graph.constants().get(conv.input(1)), from, from + channels));
                from += channels;
                List<Value> inputs = new ArrayList<>(List.of(part, weight));
                if (i == 0 && conv.input(2).isPresent()) {
                    inputs.add(conv.input(2));
                }
                Value term = names.fresh(conv.output().name() + ".part");
                nodes.add(new Node(term.name(), "", "Conv", inputs, List.of(term), conv.attributes()));
                types.put(term, graph.types().get(conv.output()));
                if (i == 0) {
                    sum = term;
                    continue;
                }
                boolean last = i == concat.inputs().size() - 1;
                Value total = last ? conv.output() : names.fresh(conv.output().name() + ".sum");
                String name = last ? conv.name() : total.name();
                nodes.add(new Node(name, "", "Add", List.of(term, sum), List.of(total), Attributes.NONE));
                types.put(total, graph.types().get(conv.output()));
                sum = total;
            }
            replaced.put(conv.name(), nodes);
        }
        if (replaced.isEmpty()) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        graph.nodes().forEach(node -> nodes.addAll(replaced.getOrDefault(node.name(), List.of(node))));
        Graph result = new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets());
        return new Prune().apply(result);
    }

    private static boolean fires(Node conv, Node concat, Graph graph, Map<Value, Integer> readers) {
        return conv.operator().equals("Conv")
                && conv.attributes().integer("group", 1) == 1
                && concat.operator().equals("Concat")
                && concat.attributes().integer("axis", 0) == 1
                && concat.inputs().size() > 1
                && concat.inputs().size() <= MOST_PARTS
                && concat.inputs().stream()
                        .allMatch(part -> graph.types().containsKey(part)
                                && graph.types().get(part).dimension(1).isFixed())
                && graph.types().containsKey(conv.output())
                && graph.constant(conv.input(1))
                        .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                        .isPresent()
                && readers.getOrDefault(concat.output(), 0) == 1
                && !graph.outputs().contains(concat.output());
    }

    private record InputChannels(long from, long to) {}

    private static Tensor inputChannels(Tensor weight, long from, long to) {
        return weight.derived(new InputChannels(from, to), () -> copied(weight, from, to));
    }

    private static Tensor copied(Tensor weight, long from, long to) {
        long[] shape = weight.shape();
        long taps = weight.elements() / (shape[0] * shape[1]);
        int row = Math.toIntExact((to - from) * taps);
        FloatBuffer source = weight.floats();
        long all = shape[1] * taps;
        shape[1] = to - from;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int output = 0; output < shape[0]; output++) {
            target.put(output * row, source, Math.toIntExact(output * all + from * taps), row);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }
}
