package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import java.util.List;

/**
 * Σ_{i∈boxes} max(Φᵢ, 0) / Σ max(Φᵢ, 0): the share of positive evidence inside the boxes. The energy-based pointing
 * game of Wang et al. 2020, arXiv:1910.01279.
 *
 * @param evidence 0..1; the share of the area for a map without evidence
 * @param area the boxes' share of the picture: the value of an uninformative map
 */
public record EvidenceShare(double evidence, double area) {
    /**
     * @param heat {@code f32[H,W]}
     * @param boxes in the same pixels
     */
    public static EvidenceShare of(Tensor heat, List<Box> boxes) {
        float[] values = heat.toFloats();
        int width = Math.toIntExact(heat.dimension(1));
        double inside = 0;
        double total = 0;
        long places = 0;
        for (int index = 0; index < values.length; index++) {
            double value = Math.max(0, values[index]);
            int x = index % width;
            int y = index / width;
            total += value;
            if (boxes.stream().anyMatch(box -> box.holds(x, y))) {
                inside += value;
                places++;
            }
        }
        double area = (double) places / values.length;
        return new EvidenceShare(total > 0 ? inside / total : area, area);
    }
}
