package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
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
        Patch patch = new Patch(graph);
        GraphBuilder builder = patch.builder();
        after(graph, patch);
        Value kept = broad(builder, builder.input(kept().name(), row), type);
        Value level = broad(builder, builder.input(level().name(), row), type);
        builder.scope(value.name());
        Value rest = builder.node("Mul", builder.node("Sub", builder.constant(1f), kept), level);
        Value held = builder.node("Add", builder.node("Mul", value, kept), rest);
        return patch.read(value, held).apply();
    }

    /** Writes just behind what computes the value. */
    private void after(Graph graph, Patch patch) {
        int next = 0;
        for (int i = 0; i < graph.nodes().size(); i++) {
            if (graph.nodes().get(i).outputs().contains(value)) {
                next = i + 1;
            }
        }
        if (next < graph.nodes().size()) {
            patch.at(graph.nodes().get(next));
        }
    }

    private static Value broad(GraphBuilder builder, Value row, TensorType type) {
        if (type.rank() != 4) {
            return row;
        }
        return builder.node("Reshape", row, builder.vector(1, type.dimension(1).size(), 1, 1));
    }
}
