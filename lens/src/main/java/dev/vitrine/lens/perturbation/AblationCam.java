package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import java.util.List;
import java.util.Optional;

/**
 * max(Σ_c w_c A_c, 0) over the maps A of a layer, with w_c = (score − score with A_c set to zero) / |score|. Ramaswamy
 * and Desai 2020, doi:10.1109/WACV45572.2020.9093360.
 *
 * @param layer whose maps are summed; by default the last one before the head
 */
public record AblationCam(
        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer)
        implements LayerAttribution, PictureAttribution {
    @Override
    public Traits traits() {
        return new Traits("ablation-cam", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public AblationCam withLayer(String name) {
        return new AblationCam(Optional.of(name));
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        LayerHead head = new LayerHead(session, objective, maps(session.model(), objective));
        return new EachPicture(session, objective, (subject, progress) -> explain(head, subject, progress));
    }

    private static EachPicture.Said explain(LayerHead head, EachPicture.Subject subject, Progress progress) {
        Tensor image = subject.image();
        Tensor target = subject.target();
        ChannelMaps maps = new ChannelMaps(head.maps(image, target));
        float[] scores = head.scores(image, target, maps.channels(), maps::writeWithout, progress);
        double[] weights = new double[maps.channels()];
        double scale = Math.max(Float.MIN_NORMAL, Math.abs(subject.score()));
        for (int channel = 0; channel < scores.length; channel++) {
            weights[channel] = (subject.score() - scores[channel]) / scale;
        }
        return new EachPicture.Said(maps.weighted(weights), List.of())
                .after(scores.length, maps.channels(), "channels");
    }
}
