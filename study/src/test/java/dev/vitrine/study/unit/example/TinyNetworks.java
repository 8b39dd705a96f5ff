package dev.vitrine.study.unit.example;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Normalization;
import java.util.List;

/** Networks whose answers can be told by looking. */
final class TinyNetworks {
    private TinyNetworks() {}

    /** One map, {@code maps}: the mean of red, green and blue before ImageNet's normalization, 0..1; its mean is the score. */
    static Model brightness() {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(64), Dimension.of(64))));
        float[] kernel = new float[3];
        float shift = 0;
        for (int channel = 0; channel < 3; channel++) {
            kernel[channel] = Normalization.IMAGENET.deviation().get(channel).floatValue() / 3;
            shift += Normalization.IMAGENET.mean().get(channel).floatValue() / 3;
        }
        Value maps = builder.outputAs(
                builder.node(
                        "Conv",
                        image,
                        builder.constant(Tensor.floats(kernel, 1, 3, 1, 1)),
                        builder.constant(Tensor.floats(new float[] {shift}, 1))),
                builder.fresh("maps"));
        Value scores =
                builder.node("Flatten", Attributes.NONE.with("axis", 1), builder.node("GlobalAveragePool", maps));
        builder.clearOutputs();
        builder.outputAs(scores, builder.fresh("logits"));
        return Nets.open("brightness", builder.build());
    }
}
