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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The w of argmin Σ_z π(z) (score(x with the superpixels of z) − w₀ − w · z)² + |w|², over random z in {0, 1}ⁿ, with
 * π(z) = exp(−(1 − cos(z, 1))² / 2σ²) and σ = 0.25. Ribeiro, Singh and Guestrin 2016, arXiv:1602.04938.
 *
 * @param superpixels approximate number of superpixels
 */
public record Lime(
        @Setting(least = 1, meaning = "number of perturbed pictures")
        int samples,

        @Setting(least = 1, meaning = Superpixels.COUNT) int superpixels,

        @Setting(label = "WHAT", meaning = Superpixels.COVER)
        Baseline baseline,

        @Setting(meaning = "seed of the perturbations") long seed)
        implements PictureAttribution, BaselineAttribution {
    private static final int SAMPLES = 1000;
    private static final int SUPERPIXELS = 50;

    private static final double KERNEL_WIDTH = 0.25;
    private static final double RIDGE = 1;

    public Lime() {
        this(SAMPLES, SUPERPIXELS, Baseline.GRAY, 0);
    }

    public Lime {
        Settings.require(Lime.class, samples, superpixels, baseline, seed);
    }

    @Override
    public Traits traits() {
        return new Traits("lime", Form.MAP, Reduction.SUM, Sign.SIGNED);
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

    /** A perturbation of the picture, its score and its weight. */
    private record Sample(boolean[] kept, double score, double weight) {}

    private EachPicture.Said explain(
            MaskedScores masked, MaskedScores.Subject subject, Superpixels parts, Progress progress) {
        SplittableRandom random = new SplittableRandom(seed);
        List<boolean[]> shown = new ArrayList<>();
        for (int index = 0; index < samples; index++) {
            boolean[] kept = new boolean[parts.count()];
            for (int part = 0; part < kept.length; part++) {
                // The first sample is the picture itself.
                kept[part] = index == 0 || random.nextBoolean();
            }
            shown.add(kept);
        }
        List<Sample> told = new ArrayList<>();
        int done = masked.evaluate(
                subject,
                samples,
                (index, mask) -> parts.write(shown.get(index), mask),
                (index, mask, score) -> told.add(new Sample(shown.get(index), score, weight(shown.get(index)))),
                progress);
        return fit(told, parts).after(done, samples, "samples");
    }

    private static double weight(boolean[] kept) {
        int count = 0;
        for (boolean one : kept) {
            count += one ? 1 : 0;
        }
        double distance = 1 - Math.sqrt((double) count / kept.length);
        return Math.exp(-distance * distance / (2 * KERNEL_WIDTH * KERNEL_WIDTH));
    }

    private static EachPicture.Said fit(List<Sample> told, Superpixels parts) {
        int count = parts.count();
        LinearModel surrogate = new LinearModel(count + 1);
        double total = 0;
        double mean = 0;
        for (Sample sample : told) {
            surrogate.add(sample.weight(), row(sample), sample.score());
            total += sample.weight();
            mean += sample.weight() * sample.score();
        }
        mean /= total;
        for (int part = 0; part < count; part++) {
            surrogate.penalize(part, RIDGE);
        }
        double[] weights = surrogate.solve();
        double missed = 0;
        double spread = 0;
        for (Sample sample : told) {
            double[] row = row(sample);
            double expected = 0;
            for (int i = 0; i < row.length; i++) {
                expected += row[i] * weights[i];
            }
            missed += sample.weight() * (sample.score() - expected) * (sample.score() - expected);
            spread += sample.weight() * (sample.score() - mean) * (sample.score() - mean);
        }
        String fit = spread > 0
                ? String.format(
                        Locale.ROOT, "the linear model explains %.0f %% of the variance", 100 * (1 - missed / spread))
                : "the score never changed";
        return new EachPicture.Said(
                parts.spread(Arrays.copyOf(weights, count)), List.of(fit + ", over " + count + " superpixels"));
    }

    /** 1 for each kept superpixel, then the 1 of the intercept. */
    private static double[] row(Sample sample) {
        double[] row = new double[sample.kept().length + 1];
        for (int part = 0; part < sample.kept().length; part++) {
            row[part] = sample.kept()[part] ? 1 : 0;
        }
        row[row.length - 1] = 1;
        return row;
    }
}
