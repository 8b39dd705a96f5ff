package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/**
 * A method's attributions for a batch.
 *
 * @param attribution input-shaped {@code f32[N,…]} for a pixel method, {@code f32[N,1,h,w]} for a map
 * @param scores of the objective, {@code f32[N]}
 * @param logits {@code f32[N,classes]}
 * @param notes for each sample, notes for the reader, such as a completeness gap
 */
public record Explanation(Tensor attribution, Tensor scores, Tensor logits, List<List<String>> notes) {
    public Explanation {
        notes = notes.stream().map(List::copyOf).toList();
        requireFinite(scores);
        requireFinite("attribution", attribution);
    }

    /** Fails early on NaN or infinite scores. */
    public static void requireFinite(Tensor scores) {
        requireFinite("score", scores);
    }

    private static void requireFinite(String what, Tensor numbers) {
        float[] values = numbers.toFloats();
        for (int index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                long sample = index / (values.length / numbers.dimension(0));
                throw NotFinite.failure("The " + what + " of sample " + sample + " of the batch is "
                        + values[index]
                        + "; expected finite numbers. The network's activations or gradients overflow on"
                        + " this picture: check that the preprocessing matches the one that the network was trained"
                        + " on.");
            }
        }
    }
}
