package dev.vitrine.study.ablation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import java.util.Arrays;

/** What a network said of pictures, one after the other: the rank of the right class, and −log of its probability. */
final class Tally {
    private static final double LEAST = 1e-300;

    /** Of a normal distribution to either side of its mean hold 95 %. */
    private static final double DEVIATIONS = 1.959964;

    private int[] ranks = new int[64];
    private double[] losses = new double[64];
    private int asked;

    /**
     * @param logits {@code f32[1,classes]}
     */
    void add(Tensor logits, int target, Model model) {
        if (asked == ranks.length) {
            ranks = Arrays.copyOf(ranks, 2 * asked);
            losses = Arrays.copyOf(losses, 2 * asked);
        }
        float[] values = logits.toFloats();
        int rank = 0;
        for (int index = 0; index < values.length; index++) {
            // Of equals the lower number comes first; what is not a number comes before the right class.
            boolean before = index < target ? !(values[index] < values[target]) : !(values[index] <= values[target]);
            rank += index != target && before ? 1 : 0;
        }
        ranks[asked] = rank;
        losses[asked] = -Math.log(Math.max(LEAST, Probabilities.of(logits, model)[target]));
        asked++;
    }

    int count() {
        return asked;
    }

    /** Compared with the whole network on the pictures that both were asked about. */
    Outcome against(Tally whole) {
        int shared = Math.min(asked, whole.asked);
        int one = 0;
        int five = 0;
        int change = 0;
        int changed = 0;
        double loss = 0;
        for (int index = 0; index < shared; index++) {
            int wrong = ranks[index] > 0 ? 1 : 0;
            int before = whole.ranks[index] > 0 ? 1 : 0;
            one += wrong;
            five += ranks[index] > 4 ? 1 : 0;
            change += wrong - before;
            changed += Math.abs(wrong - before);
            loss += losses[index];
        }
        double count = Math.max(1, shared);
        double rise = change / count;
        double margin = DEVIATIONS * Math.sqrt(Math.max(0, changed / count - rise * rise) / count);
        return new Outcome(shared, one / count, five / count, loss / count, rise, margin);
    }
}
