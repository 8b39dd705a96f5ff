package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * kept · x + (1 − kept) · level, channel by channel: a channel whose {@code kept} is 0 holds its level whatever the
 * picture, one whose {@code kept} is 1 stays bit for bit. Both are inputs of the new graph, {@code f32[C]}, so that one graph serves for all sets of channels.
 *
 * <p>Needs the type of the value: {@code f32[N,C]}, {@code f32[N,C,h,w]}, or {@code f32[N,T,C]}.
 */
public record HoldChannels(Value value) implements GraphTransform {
    /** The input that says 1 for a channel that stays and 0 for one that is held. */
    public Value kept() {
        return new Value(value.name() + ".kept");
    }

    /** The input that says what each channel is held at. */
    public Value level() {
        return new Value(value.name() + ".level");
    }

    /** The axis of the channels of a type. */
    public static int axis(TensorType type) {
        return type.rank() == 3 ? 2 : 1;
    }

    @Override
    public Graph apply(Graph graph) {
        TensorType type = graph.types().get(value);
        TensorType row = new TensorType(ElementType.FLOAT32, List.of(type.dimension(axis(type))));
        GraphBuilder builder = new GraphBuilder(graph);
        Value kept = broad(builder, builder.input(kept().name(), row), type);
        Value level = broad(builder, builder.input(level().name(), row), type);
        builder.scope(value.name());
        Value rest = builder.node("Mul", builder.node("Sub", builder.constant(1f), kept), level);
        Value held = builder.node("Add", builder.node("Mul", value, kept), rest);
        builder.declare(held, type);
        Graph all = builder.build();
        List<Node> added = all.nodes().subList(graph.nodes().size(), all.nodes().size());
        List<Node> nodes = new ArrayList<>(graph.inputs().contains(value) ? added : List.of());
        for (Node node : graph.nodes()) {
            nodes.add(node.withInputs(node.inputs().stream()
                    .map(read -> read.equals(value) ? held : read)
                    .toList()));
            if (node.outputs().contains(value)) {
                nodes.addAll(added);
            }
        }
        List<Value> outputs = graph.outputs().stream()
                .map(output -> output.equals(value) ? held : output)
                .toList();
        return new Graph(all.inputs(), outputs, nodes, all.constants(), all.types(), all.opsets());
    }

    private static Value broad(GraphBuilder builder, Value row, TensorType type) {
        if (type.rank() != 4) {
            return row;
        }
        return builder.node("Reshape", row, builder.vector(1, type.dimension(1).size(), 1, 1));
    }
}
