package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/**
 * What a method says about a batch.
 *
 * @param attribution input-shaped {@code f32[N,…]} for a pixel method, {@code f32[N,1,h,w]} for a map
 * @param scores of the objective, {@code f32[N]}
 * @param logits {@code f32[N,classes]}
 * @param notes for each sample what a reader should know, such as a completeness gap
 */
public record Explanation(Tensor attribution, Tensor scores, Tensor logits, List<List<String>> notes) {
    public Explanation {
        notes = notes.stream().map(List::copyOf).toList();
    }
}
