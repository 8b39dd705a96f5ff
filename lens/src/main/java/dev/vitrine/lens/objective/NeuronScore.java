package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The value of one neuron of a layer, which each run names for each sample: the input {@link #TARGET} holds its index
 * {@code (channel · h + row) · w + column}.
 *
 * @param layer {@code f32[N,C,h,w]} or {@code f32[N,C]}
 */
public record NeuronScore(Value layer) implements LayerObjective {
    @Override
    public boolean takesTarget() {
        return true;
    }

    @Override
    public String description() {
        return "a neuron of " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        TensorType type = model.graph().type(layer).orElseThrow();
        long[] shape = type.shape();
        long neurons = LongStream.of(shape).skip(1).reduce(1, (a, b) -> a * b);
        long[] sample = Arrays.copyOf(shape, shape.length);
        sample[0] = -1;
        Value target = builder.input(TARGET, new TensorType(ElementType.INT64, List.of(model.batch())));
        Value chosen = builder.node(
                "OneHot",
                Attributes.NONE.with("axis", -1),
                target,
                builder.constant(Tensor.vector(neurons)),
                builder.constant(Tensor.floats(new float[] {0, 1}, 2)));
        Value mask = builder.node("Reshape", chosen, builder.vector(sample));
        Value picked = builder.node("Mul", layer, mask);
        long[] axes = LongStream.range(1, type.rank()).toArray();
        Value score = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), picked, builder.vector(axes));
        return new Emitted(score, layer);
    }
}
