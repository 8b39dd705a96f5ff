package dev.vitrine.lens.perturbation;

import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/**
 * Shapley values φ of superpixels: argmin Σ_z π(z) (score(x with the superpixels of z) − score(x₀) − φ · z)² with Σ φ =
 * score(x) − score(x₀), under the Shapley kernel π. Lundberg and Lee 2017, arXiv:1705.07874.
 *
 * @param samples number of coalitions evaluated; if all of them fit, the values are exact
 * @param superpixels approximate number of superpixels
 */
public record KernelShap(
        @Setting(least = 1, meaning = "coalitions of superpixels")
        int samples,

        @Setting(least = 1, meaning = Superpixels.COUNT) int superpixels,

        @Setting(label = "WHAT", meaning = Superpixels.COVER)
        Baseline baseline,

        @Setting(meaning = "seed of the coalitions") long seed)
        implements PictureAttribution, BaselineAttribution {
    private static final int SAMPLES = 2000;
    private static final int SUPERPIXELS = 50;

    /** Regularization, relative to the matrix's largest entry, for fewer coalitions than players. */
    private static final double TINY = 1e-9;

    public KernelShap() {
        this(SAMPLES, SUPERPIXELS, Baseline.GRAY, 0);
    }

    public KernelShap {
        Settings.require(KernelShap.class, samples, superpixels, baseline, seed);
    }

    @Override
    public Traits traits() {
        return new Traits("kernel-shap", Form.MAP, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long[] shape(Model model) {
        return EachPicture.wholePicture(model);
    }

    @Override
    public long evaluations(Model model) {
        return samples;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        return MaskedScores.each(session, objective, baseline, (masked, subject, progress) -> {
            Superpixels parts = Superpixels.of(session, subject.image(), superpixels);
            return explain(masked, subject, parts, progress);
        });
    }

    private EachPicture.Said explain(
            MaskedScores masked, MaskedScores.Subject subject, Superpixels parts, Progress progress) {
        int players = parts.count();
        List<Coalitions.Coalition> coalitions = Coalitions.of(players, samples, seed);
        boolean[] all = new boolean[players];
        Arrays.fill(all, true);
        double[] scores = new double[coalitions.size() + 2];
        // The picture and its baseline are evaluated in the same runs, so that the sum is exact to the last digit.
        int done = masked.evaluate(
                subject,
                scores.length,
                (index, mask) -> parts.write(
                        index == 0
                                ? all
                                : index == 1
                                        ? new boolean[players]
                                        : coalitions.get(index - 2).players(),
                        mask),
                (index, mask, score) -> scores[index] = score,
                progress);
        if (done < 2) {
            throw new CancellationException("stopped");
        }
        double[] values = values(players, coalitions.subList(0, done - 2), scores);
        double[] density = values.clone();
        int[] sizes = parts.sizes();
        for (int player = 0; player < players; player++) {
            density[player] /= sizes[player];
        }
        return new EachPicture.Said(
                        parts.spread(density),
                        List.of(String.format(
                                Locale.ROOT,
                                "the values of %d superpixels add up to the change of score from the baseline, %.4f",
                                players,
                                scores[0] - scores[1])))
                .after(done, scores.length, "coalitions");
    }

    /**
     * Least squares under the constraint, by its Lagrange multiplier.
     *
     * @param scores of all players, of none, and of each coalition
     */
    static double[] values(int players, List<Coalitions.Coalition> coalitions, double[] scores) {
        double change = scores[0] - scores[1];
        LinearModel model = new LinearModel(players);
        for (int index = 0; index < coalitions.size(); index++) {
            double[] row = new double[players];
            for (int player = 0; player < players; player++) {
                row[player] = coalitions.get(index).players()[player] ? 1 : 0;
            }
            model.add(coalitions.get(index).weight(), row, scores[index + 2] - scores[1]);
        }
        double tiny = Math.max(Double.MIN_NORMAL, TINY * model.largest());
        for (int player = 0; player < players; player++) {
            model.penalize(player, tiny);
        }
        double[] free = model.solve();
        double[] ones = new double[players];
        Arrays.fill(ones, 1);
        double[] share = model.solve(ones);
        double multiplier =
                (Arrays.stream(free).sum() - change) / Arrays.stream(share).sum();
        double[] values = new double[players];
        for (int player = 0; player < players; player++) {
            values[player] = free[player] - multiplier * share[player];
        }
        return values;
    }
}
