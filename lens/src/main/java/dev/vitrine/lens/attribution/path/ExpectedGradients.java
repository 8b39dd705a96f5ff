package dev.vitrine.lens.attribution.path;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.References;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * E (x − x₀) ⊙ ∂score/∂x at x₀ + t(x − x₀) over baselines x₀ and t uniform in 0..1: integrated gradients averaged over
 * many baselines. Erion et al. 2021, doi:10.1038/s42256-021-00343-w.
 */
public record ExpectedGradients(
        @Setting(least = 1, meaning = "pairs of a baseline and a point on the path from it")
        int samples,

        @Setting(label = "WHAT|FOLDER", meaning = References.DRAWN)
        Baseline baseline,

        @Setting(meaning = "seed of the points and of the baselines' order")
        long seed)
        implements Attribution {
    private static final int SAMPLES = 200;

    public ExpectedGradients {
        Settings.require(ExpectedGradients.class, samples, baseline, seed);
    }

    /** 200 samples from noise. */
    public ExpectedGradients() {
        this(SAMPLES, new Baseline.Noise(0), 0);
    }

    @Override
    public Traits traits() {
        return new Traits("expected-gradients", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long evaluations(Model model) {
        return 3L * samples;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        return EachPath.explainer(session, objective, (subject, gradients, progress) -> {
            List<Tensor> references = References.of(session, baseline, subject.image(), samples, seed);
            SplittableRandom random = new SplittableRandom(seed);
            double[] sum = new double[subject.values().length];
            int done = 0;
            while (done < samples) {
                int count = Math.min(gradients.batch(), samples - done);
                List<float[]> points = new ArrayList<>();
                List<float[]> steps = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    float[] start = references.get(done + i).toFloats();
                    float[] step = EachPath.difference(subject.values(), start);
                    points.add(EachPath.along(start, step, random.nextDouble()));
                    steps.add(step);
                }
                List<float[]> found = gradients.at(points);
                for (int i = 0; i < count; i++) {
                    EachPath.addProduct(sum, found.get(i), steps.get(i), 1.0 / samples);
                }
                done += count;
                progress.report(done, samples);
            }
            return sum;
        });
    }
}
