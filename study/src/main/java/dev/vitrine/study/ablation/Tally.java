package dev.vitrine.study.ablation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import java.util.Arrays;

/**
 * Ranks and losses of a network on a sequence of pictures.
 *
 * @param ranks rank of the true class, from 0
 * @param losses −log of the probability of the true class
 */
record Tally(int[] ranks, double[] losses) {
    private static final double LEAST = 1e-300;

    /** Standard deviations to either side of the mean that hold 95 % of a normal distribution. */
    private static final double DEVIATIONS = 1.959964;

    static final Tally NONE = new Tally(new int[0], new double[0]);

    /**
     * The tally of one picture.
     *
     * @param logits {@code f32[1,classes]}
     */
    static Tally of(Tensor logits, int target, Model model) {
        float[] values = logits.toFloats();
        int rank = 0;
        for (int index = 0; index < values.length; index++) {
            // Ties rank by class index; NaN ranks before the true class.
            boolean before = index < target ? !(values[index] < values[target]) : !(values[index] <= values[target]);
            rank += index != target && before ? 1 : 0;
        }
        double loss = -Math.log(Math.max(LEAST, Probabilities.of(logits, model)[target]));
        return new Tally(new int[] {rank}, new double[] {loss});
    }

    /** These pictures followed by others. */
    Tally and(Tally more) {
        int[] allRanks = Arrays.copyOf(ranks, ranks.length + more.ranks.length);
        double[] allLosses = Arrays.copyOf(losses, losses.length + more.losses.length);
        System.arraycopy(more.ranks, 0, allRanks, ranks.length, more.ranks.length);
        System.arraycopy(more.losses, 0, allLosses, losses.length, more.losses.length);
        return new Tally(allRanks, allLosses);
    }

    /** Compares with the intact network on the same pictures. */
    Outcome against(Tally whole) {
        int one = 0;
        int five = 0;
        int change = 0;
        int changed = 0;
        double loss = 0;
        for (int index = 0; index < ranks.length; index++) {
            int wrong = ranks[index] > 0 ? 1 : 0;
            int before = whole.ranks[index] > 0 ? 1 : 0;
            one += wrong;
            five += ranks[index] > 4 ? 1 : 0;
            change += wrong - before;
            changed += Math.abs(wrong - before);
            loss += losses[index];
        }
        double count = Math.max(1, ranks.length);
        double rise = change / count;
        double margin = DEVIATIONS * Math.sqrt(Math.max(0, changed / count - rise * rise) / count);
        return new Outcome(ranks.length, one / count, five / count, loss / count, rise, margin);
    }
}
