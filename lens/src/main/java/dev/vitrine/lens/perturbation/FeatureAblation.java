package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * score(x) − score(x with a superpixel replaced by the baseline), for each superpixel. Leave-one-covariate-out, Lei et
 * al. 2016, arXiv:1604.04173; occlusion with parts that follow the picture, Zeiler and Fergus 2013, arXiv:1311.2901.
 *
 * @param superpixels parts of the picture, about
 */
public record FeatureAblation(int superpixels, Baseline baseline) implements Attribution {
    public static final int SUPERPIXELS = 100;

    public FeatureAblation {
        if (superpixels < 1) {
            throw new IllegalArgumentException("superpixels " + superpixels + ": expected at least 1");
        }
    }

    @Override
    public String id() {
        return "feature-ablation";
    }

    @Override
    public Form form() {
        return Form.MAP;
    }

    @Override
    public Reduction reduction() {
        return Reduction.SUM;
    }

    @Override
    public Sign sign() {
        return Sign.SIGNED;
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("superpixels", Integer.toString(superpixels));
        options.put("baseline", baseline.label());
        return options;
    }

    @Override
    public long[] shape(Model model) {
        return EachPicture.wholePicture(model);
    }

    @Override
    public long evaluations(Model model) {
        return superpixels;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        MaskedScores masked = new MaskedScores(session, objective);
        return new EachPicture(session, objective, (subject, progress) -> {
            Tensor start = EachPicture.baseline(session, baseline, subject.image());
            Superpixels parts = Superpixels.of(session, subject.image(), superpixels);
            return explain(masked, subject, start, parts, progress);
        });
    }

    private static EachPicture.Said explain(
            MaskedScores masked, EachPicture.Subject subject, Tensor start, Superpixels parts, Progress progress) {
        double[] drops = new double[parts.count()];
        masked.evaluate(
                new MaskedScores.Subject(subject.image(), start, subject.target()),
                parts.count(),
                (index, mask) -> {
                    boolean[] kept = new boolean[parts.count()];
                    Arrays.fill(kept, true);
                    kept[index] = false;
                    parts.write(kept, mask);
                },
                (index, mask, score) -> drops[index] = subject.score() - score,
                progress);
        return new EachPicture.Said(
                parts.spread(drops), List.of("the picture was cut into " + parts.count() + " superpixels"));
    }
}
