package dev.vitrine.lens.perturbation;

import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import java.util.List;
import java.util.Optional;

/**
 * max(Σ_c w_c A_c, 0) over the maps A of a layer, with w the softmax over channels of score(x ⊙ A_c upsampled, then
 * rescaled to 0..1) − score(x₀). Wang et al. 2020, arXiv:1910.01279.
 *
 * @param layer whose maps are summed; by default the last one before the head
 */
public record ScoreCam(
        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer,

        @Setting(label = "WHAT", meaning = "fill where a map is low")
        Baseline baseline)
        implements LayerAttribution, PictureAttribution, BaselineAttribution {
    @Override
    public Traits traits() {
        return new Traits("score-cam", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public long evaluations(Model model) {
        return maps(model).channels();
    }

    @Override
    public ScoreCam withLayer(String name) {
        return new ScoreCam(Optional.of(name), baseline);
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        LayerHead head = new LayerHead(session, objective, maps(session.model(), objective));
        return MaskedScores.each(session, objective, baseline, (masked, subject, progress) -> {
            ChannelMaps maps = new ChannelMaps(head.maps(subject.image(), subject.target()));
            return explain(masked, subject, maps, session.model(), progress);
        });
    }

    private static EachPicture.Said explain(
            MaskedScores masked, MaskedScores.Subject subject, ChannelMaps maps, Model model, Progress progress) {
        double[] scores = new double[maps.channels()];
        int done = masked.evaluate(
                subject,
                maps.channels(),
                (channel, mask) -> enlarge(maps, channel, model, mask),
                (channel, mask, score) -> scores[channel] = score,
                progress);
        double largest = Double.NEGATIVE_INFINITY;
        for (int channel = 0; channel < done; channel++) {
            largest = maps.range(channel) > 0 ? Math.max(largest, scores[channel]) : largest;
        }
        double[] weights = new double[scores.length];
        double total = 0;
        for (int channel = 0; channel < done; channel++) {
            // A constant map masks nothing and localizes nothing. The baseline's score is the same for all channels, to
            // which softmax is invariant.
            weights[channel] = maps.range(channel) > 0 ? Math.exp(scores[channel] - largest) : 0;
            total += weights[channel];
        }
        for (int channel = 0; channel < done && total > 0; channel++) {
            weights[channel] /= total;
        }
        return new EachPicture.Said(maps.weighted(weights), List.of()).after(done, maps.channels(), "channels");
    }

    private static void enlarge(ChannelMaps maps, int channel, Model model, float[] mask) {
        int height = model.preprocessing().height();
        int width = model.preprocessing().width();
        float[] enlarged =
                Resampler.resize(maps.plane(channel), maps.width(), maps.height(), width, height, Resampling.BILINEAR);
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : enlarged) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        for (int place = 0; place < enlarged.length; place++) {
            mask[place] = largest > least ? (enlarged[place] - least) / (largest - least) : 1;
        }
    }
}
