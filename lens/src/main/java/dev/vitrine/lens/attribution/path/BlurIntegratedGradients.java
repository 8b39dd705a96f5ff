package dev.vitrine.lens.attribution.path;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * ∫ ∂score/∂x ⊙ dx along the path from the blurred picture to the picture: x(σ) is x blurred by a Gaussian of σ pixels,
 * from the largest σ to 0 in equal steps, with the gradient at the middle of each. Xu, Venugopalan and Sundararajan
 * 2020, arXiv:2004.03383.
 */
public record BlurIntegratedGradients(
        @Setting(least = 1, meaning = "points on the path from the blurred picture to the picture")
        int steps,

        @Setting(label = "PIXELS", above = 0, meaning = "standard deviation of the blur at the start of the path")
        double sigma)
        implements PictureAttribution {
    private static final int STEPS = 50;
    private static final double SIGMA = 50;

    /** Truncation radius of a Gaussian, in standard deviations. */
    private static final int REACH = 4;

    public BlurIntegratedGradients {
        Settings.require(BlurIntegratedGradients.class, steps, sigma);
    }

    public BlurIntegratedGradients() {
        this(STEPS, SIGMA);
    }

    @Override
    public Traits traits() {
        return new Traits("blur-integrated-gradients", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long evaluations(Model model) {
        return 3L * steps;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        return EachPath.explainer(session, objective, (subject, gradients, progress) -> {
            double[] sum = new double[subject.values().length];
            float[] from = blurred(session.model(), subject.image(), sigma);
            int done = 0;
            while (done < steps) {
                int count = Math.min(gradients.batch(), steps - done);
                List<float[]> points = new ArrayList<>();
                List<float[]> moves = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    float[] to = blurred(session.model(), subject.image(), at(done + i + 1));
                    points.add(blurred(session.model(), subject.image(), at(done + i + 0.5)));
                    moves.add(EachPath.difference(to, from));
                    from = to;
                }
                List<float[]> found = gradients.at(points);
                for (int i = 0; i < count; i++) {
                    EachPath.addProduct(sum, found.get(i), moves.get(i), 1);
                }
                done += count;
                progress.report(done, steps);
            }
            return sum;
        });
    }

    private double at(double step) {
        return sigma * (steps - step) / steps;
    }

    private static float[] blurred(Model model, Tensor image, double sigma) {
        if (sigma <= 0) {
            return image.toFloats();
        }
        int reach = (int) Math.ceil(REACH * sigma);
        return new GaussianBlur(sigma, reach)
                .apply(image, model.preprocessing().layout())
                .toFloats();
    }
}
