package dev.vitrine.study.sanity;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.metric.Spearman;
import dev.vitrine.lens.metric.StructuralSimilarity;
import java.util.List;

/**
 * Similarity of two maps, by the three measures of Adebayo et al. 2018, arXiv:1810.03292.
 *
 * @param signed rank correlation of all values, −1..1
 * @param unsigned rank correlation of their magnitudes, −1..1
 * @param structural SSIM of the displayed maps, up to 1
 */
public record Similarity(double signed, double unsigned, double structural) {
    private static final StructuralSimilarity SHOWN = new StructuralSimilarity();

    /** A method's attribution for one sample, and the same as a heat map {@code f32[H,W]}. */
    static Similarity of(Tensor one, Tensor oneHeat, Tensor other, Tensor otherHeat) {
        float[] first = one.toFloats();
        float[] second = other.toFloats();
        return new Similarity(
                Spearman.WITH_SIGN.of(first, second),
                Spearman.WITHOUT_SIGN.of(first, second),
                SHOWN.of(
                        oneHeat.toFloats(),
                        otherHeat.toFloats(),
                        Math.toIntExact(oneHeat.dimension(0)),
                        Math.toIntExact(oneHeat.dimension(1))));
    }

    /**
     * (s − c) / (1 − c) for each measure: the position of s between chance and identity. For the signed measure, of |s|,
     * 0 below chance, with the sign restored: an inverted map is just as similar.
     *
     * @param chance c, the similarity of maps that should be unrelated; below 0 counts as 0
     */
    public Similarity above(Similarity chance) {
        return new Similarity(
                Math.copySign(Math.max(0, above(Math.abs(signed), Math.abs(chance.signed))), signed),
                above(unsigned, chance.unsigned),
                above(structural, chance.structural));
    }

    private static double above(double similarity, double chance) {
        double least = Math.max(0, chance);
        return least < 1 ? (similarity - least) / (1 - least) : 1;
    }

    /** The means over pictures. */
    public static Similarity mean(List<Similarity> all) {
        return new Similarity(
                all.stream().mapToDouble(Similarity::signed).average().orElseThrow(),
                all.stream().mapToDouble(Similarity::unsigned).average().orElseThrow(),
                all.stream().mapToDouble(Similarity::structural).average().orElseThrow());
    }
}
