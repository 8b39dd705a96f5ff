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
 * The score when a layer keeps a single position (and, attenuated, its eight neighbors), for each position, rescaled to
 * 0..1. Byun and Lee 2022, arXiv:2209.14074.
 *
 * @param layer whose positions are kept; by default the last one before the head
 */
public record ReciproCam(
        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer)
        implements LayerAttribution, PictureAttribution {
    /** 3×3 binomial, in sixteenths. */
    private static final int[] FADE = {1, 2, 1};

    @Override
    public Traits traits() {
        return new Traits("recipro-cam", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public ReciproCam withLayer(String name) {
        return new ReciproCam(Optional.of(name));
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
        int height = maps.height();
        int width = maps.width();
        float[] scores = head.scores(
                image,
                target,
                height * width,
                (place, changed) -> maps.writeMasked(window(place, height, width), changed),
                progress);
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            least = Math.min(least, score);
            largest = Math.max(largest, score);
        }
        float[] map = new float[height * width];
        for (int place = 0; place < scores.length; place++) {
            map[place] = largest > least ? (scores[place] - least) / (largest - least) : 0;
        }
        return new EachPicture.Said(Tensor.floats(map, 1, 1, height, width), List.of())
                .after(scores.length, map.length, "places");
    }

    private static float[] window(int place, int height, int width) {
        float[] window = new float[height * width];
        for (int down = -1; down <= 1; down++) {
            for (int aside = -1; aside <= 1; aside++) {
                int y = place / width + down;
                int x = place % width + aside;
                if (y >= 0 && y < height && x >= 0 && x < width) {
                    window[y * width + x] = FADE[down + 1] * FADE[aside + 1] / 16f;
                }
            }
        }
        return window;
    }
}
