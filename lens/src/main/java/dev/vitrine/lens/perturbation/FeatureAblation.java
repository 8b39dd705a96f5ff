package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.incremental.Change;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * score(x) − score(x with a superpixel replaced by the baseline), for each superpixel. Leave-one-covariate-out, Lei et
 * al. 2016, arXiv:1604.04173; occlusion of segments, Zeiler and Fergus 2013, arXiv:1311.2901.
 *
 * @param superpixels approximate number of superpixels
 */
public record FeatureAblation(
        @Setting(least = 1, meaning = Superpixels.COUNT) int superpixels,

        @Setting(label = "WHAT", meaning = Superpixels.COVER)
        Baseline baseline)
        implements PictureAttribution, BaselineAttribution {
    private static final int SUPERPIXELS = 100;

    public FeatureAblation() {
        this(SUPERPIXELS, Baseline.GRAY);
    }

    public FeatureAblation {
        Settings.require(FeatureAblation.class, superpixels, baseline);
    }

    @Override
    public Traits traits() {
        return new Traits("feature-ablation", Form.MAP, Reduction.SUM, Sign.SIGNED);
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
        return new EachPicture(session, objective, (subject, progress) -> {
            Tensor start = BaselineAttribution.of(session, baseline, subject.image());
            Superpixels parts = Superpixels.of(session, subject.image(), superpixels);
            List<Change> changes = changes(session, parts, subject.image(), start);
            LocalScores.Scores told =
                    LocalScores.scores(session, objective, subject.image(), subject.target(), changes, progress);
            double[] drops = new double[parts.count()];
            int done = 0;
            for (int part = 0; part < drops.length; part++) {
                if (told.known()[part]) {
                    drops[part] = subject.score() - told.scores()[part];
                    done++;
                }
            }
            return new EachPicture.Said(
                            parts.spread(drops), List.of("the picture was cut into " + parts.count() + " superpixels"))
                    .after(done, drops.length, "superpixels");
        });
    }

    /** The bounding box of each superpixel, with the baseline inside the superpixel. */
    private static List<Change> changes(ModelSession session, Superpixels parts, Tensor image, Tensor start) {
        Layout layout = session.model().preprocessing().layout();
        int channels = session.model().channels();
        float[] picture = image.toFloats();
        float[] cover = start.toFloats();
        List<Change> changes = new ArrayList<>();
        for (Superpixels.Bounds bounds : parts.bounds()) {
            float[] content = new float[channels * bounds.height() * bounds.width()];
            for (int i = 0; i < content.length; i++) {
                int x = bounds.left() + i % bounds.width();
                int y = bounds.top() + i / bounds.width() % bounds.height();
                int channel = i / (bounds.width() * bounds.height());
                int pixel = y * parts.width() + x;
                int source = layout == Layout.NCHW
                        ? channel * parts.height() * parts.width() + pixel
                        : pixel * channels + channel;
                content[i] = parts.at(x, y) == changes.size() ? cover[source] : picture[source];
            }
            changes.add(new Change(
                    bounds.top(), bounds.left(), Tensor.floats(content, channels, bounds.height(), bounds.width())));
        }
        return changes;
    }
}
