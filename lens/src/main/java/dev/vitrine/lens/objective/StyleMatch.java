package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;

/**
 * −‖G − G₀‖² / ‖G₀‖², G the {@link GramMatrix} of a layer: the same textures, wherever they are. Gatys et al. 2015,
 * arXiv:1508.06576.
 *
 * @param gram G₀, {@code f32[1,C,C]}
 */
public record StyleMatch(Value layer, Tensor gram) implements LayerObjective {
    @Override
    public String description() {
        return "style at " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        TensorType type = LayerRows.maps(model, layer);
        long channels = type.dimension(1).size();
        if (gram.elements() != channels * channels) {
            throw VitrineException.usage(
                    "Layer '" + layer + "': found " + gram + " to match; expected " + channels + " channels each way.");
        }
        double square = 0;
        for (float value : gram.toFloats()) {
            square += (double) value * value;
        }
        Value difference = b.node("Sub", GramMatrix.emit(model, layer, b), b.constant("gram", gram));
        Value squares = b.node("Mul", difference, difference);
        Value sum = b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), squares, b.vector(1, 2));
        Value scaled = b.node("Mul", sum, b.constant((float) (-1 / Math.max(square, 1e-12))));
        return new Emitted(scaled, layer);
    }
}
