package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.HoldChannels;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replacement values of the channels of layers. */
final class Levels {
    private Levels() {}

    /** Replacements by value, one number per channel: {@code f32[C]}. */
    static Map<Value, Tensor> of(Model model, List<Value> values, Fill fill, Sweep sweep, double share) {
        Map<Value, Tensor> levels = new LinkedHashMap<>();
        if (fill == Fill.ZERO || values.isEmpty()) {
            values.forEach(value ->
                    levels.put(value, Tensor.floats(new float[channels(model, value)], channels(model, value))));
            return levels;
        }
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("levels");
        Map<Value, Value> means = new LinkedHashMap<>();
        values.forEach(value -> means.put(value, mean(builder, model, value)));
        sweep.means("levels", share, new Cut(List.copyOf(means.values())).apply(builder.build()), means)
                .forEach((value, mean) -> {
                    float[] level = new float[mean.length];
                    for (int channel = 0; channel < level.length; channel++) {
                        level[channel] = (float) mean[channel];
                    }
                    levels.put(value, Tensor.floats(level, level.length));
                });
        return levels;
    }

    static int channels(Model model, Value value) {
        TensorType type = model.graph().types().get(value);
        return (int) type.dimension(HoldChannels.axis(type)).size();
    }

    /** Mean over the positions of each channel: {@code f32[N,C]}. */
    private static Value mean(GraphBuilder builder, Model model, Value value) {
        TensorType type = model.graph().types().get(value);
        return switch (type.rank()) {
            case 4 ->
                builder.node("Flatten", Attributes.NONE.with("axis", 1L), builder.node("GlobalAveragePool", value));
            case 3 -> builder.node("ReduceMean", Attributes.NONE.with("keepdims", 0L), value, builder.vector(1));
            default -> builder.node("Identity", value);
        };
    }
}
