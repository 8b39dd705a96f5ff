package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What is ranked: the channels of a layer, or projections onto directions, each treated as a channel.
 *
 * @param directions {@code f32[D,C]}, rows of length 1
 */
public record Probe(String name, ChannelLayer layer, Optional<Tensor> directions) {
    /** The layer's own channels. */
    public static Probe of(ChannelLayer layer) {
        return new Probe(layer.name(), layer, Optional.empty());
    }

    /**
     * Uniformly distributed on the sphere: normal samples, scaled to length 1. Szegedy et al. 2013, arXiv:1312.6199.
     */
    public static Probe random(ChannelLayer layer, int count, long seed) {
        Random random = new Random(seed);
        float[] rows = new float[count * layer.channels()];
        for (int index = 0; index < rows.length; index++) {
            rows[index] = (float) random.nextGaussian();
        }
        return along(layer.name() + " along " + count + " random directions, seed " + seed, layer, rows);
    }

    /** Along the given rows, normalized to length 1. */
    public static Probe along(String name, ChannelLayer layer, float[] rows) {
        int channels = layer.channels();
        if (rows.length == 0 || rows.length % channels != 0) {
            throw VitrineException.usage("Directions of " + rows.length + " numbers for layer '" + layer.name()
                    + "'; expected rows of " + channels + ", one per channel.");
        }
        float[] unit = rows.clone();
        for (int row = 0; row < rows.length / channels; row++) {
            double square = 0;
            for (int channel = 0; channel < channels; channel++) {
                square += (double) rows[row * channels + channel] * rows[row * channels + channel];
            }
            if (!(square > 0) || Double.isInfinite(square)) {
                throw VitrineException.usage("Direction " + row + " for layer '" + layer.name() + "' has the length "
                        + Math.sqrt(square) + "; expected a finite one above 0.");
            }
            for (int channel = 0; channel < channels; channel++) {
                unit[row * channels + channel] /= (float) Math.sqrt(square);
            }
        }
        return new Probe(name, layer, Optional.of(Tensor.floats(unit, rows.length / channels, channels)));
    }

    /** Number of channels or directions. */
    public int channels() {
        return directions.map(rows -> (int) rows.dimension(0)).orElse(layer.channels());
    }

    /** The value with one channel for each of {@link #channels()}. */
    Value emit(GraphBuilder builder) {
        if (directions.isEmpty()) {
            return layer.value();
        }
        long count = directions.get().dimension(0);
        Tensor kernels = directions.get().reshape(count, layer.channels(), 1, 1);
        boolean vector = builder.type(layer.value()).orElseThrow().rank() == 2;
        Value maps = vector ? builder.node("Unsqueeze", layer.value(), builder.vector(2, 3)) : layer.value();
        return builder.node("Conv", maps, builder.constant("directions", kernels));
    }

    static List<Probe> of(List<ChannelLayer> layers) {
        return layers.stream().map(Probe::of).toList();
    }
}
