package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.References;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean of DeepLIFT over many baselines, an estimate of Shapley values: it sums to the score minus the baselines'
 * mean score. Lundberg and Lee 2017, arXiv:1705.07874.
 */
public record DeepLiftShap(
        @Setting(least = 1, meaning = "number of baselines to average over")
        int samples,

        @Setting(label = "WHAT|FOLDER", meaning = References.DRAWN)
        Baseline baseline,

        @Setting(meaning = "seed of the baselines' order") long seed)
        implements Attribution {
    private static final int SAMPLES = 20;

    public DeepLiftShap {
        Settings.require(DeepLiftShap.class, samples, baseline, seed);
    }

    /** Twenty noise baselines. */
    public DeepLiftShap() {
        this(SAMPLES, new Baseline.Noise(0), 0);
    }

    @Override
    public Traits traits() {
        return new Traits("deep-lift-shap", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long evaluations(Model model) {
        return 4L * samples;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        DeepLift lift = new DeepLift(Baseline.TOLD);
        ExplanationGraph graph = lift.graph(session.model(), objective);
        Lifted lifted = new Lifted(session, objective, lift, graph);
        return new EachPicture(
                session,
                objective,
                (subject, progress) ->
                        new EachPicture.Said(mean(lifted, subject.image(), subject.target(), progress), List.of()));
    }

    private Tensor mean(Lifted lifted, Tensor image, Tensor target, Progress progress) {
        List<Tensor> references = References.of(lifted.session(), baseline, image, samples, seed);
        double[] sum = new double[Math.toIntExact(Tensor.elements(image.shape()))];
        for (long[] run : lifted.session().runs(samples)) {
            List<Tensor> some = references.subList((int) run[0], (int) run[1]);
            Tensor found = lifted.run(image, target, some);
            for (int i = 0; i < some.size(); i++) {
                float[] values = found.rows(i, i + 1).toFloats();
                for (int k = 0; k < sum.length; k++) {
                    sum[k] += values[k] / samples;
                }
            }
            progress.report(run[1], samples);
        }
        float[] rounded = new float[sum.length];
        for (int k = 0; k < sum.length; k++) {
            rounded[k] = (float) sum[k];
        }
        return Tensor.floats(rounded, image.shape());
    }

    /** DeepLIFT with a separate baseline for each sample of a run. */
    private record Lifted(ModelSession session, Objective objective, DeepLift lift, ExplanationGraph graph) {
        Tensor run(Tensor image, Tensor target, List<Tensor> references) {
            int size = references.size();
            Model model = session.model();
            Executable executable = session.executable(lift, objective, List.of(model.batch()), size, graph::graph);
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(model.input(), session.filled(Tensor.concatenate(Collections.nCopies(size, image))));
            inputs.put(Baseline.Told.INPUT, session.filled(Tensor.concatenate(references)));
            if (objective.takesTarget()) {
                inputs.put(
                        new Value(Objective.TARGET),
                        session.filled(Tensor.concatenate(Collections.nCopies(size, target))));
            }
            return executable.run(inputs, List.of(graph.attribution())).get(graph.attribution());
        }
    }
}
