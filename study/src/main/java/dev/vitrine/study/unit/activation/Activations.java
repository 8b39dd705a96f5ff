package dev.vitrine.study.unit.activation;

import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/** Activations of layers for one picture, by the picture's name. */
public record Activations(String picture, List<Held> layers) {
    public Activations {
        layers = List.copyOf(layers);
    }

    /**
     * Activations of one layer.
     *
     * @param values {@code f32[1,C,h,w]}
     */
    public record Held(String layer, Tensor values) {}
}
