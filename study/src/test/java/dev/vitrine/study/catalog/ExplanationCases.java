package dev.vitrine.study.catalog;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Segmentation;
import dev.vitrine.lens.setting.SettingValues;
import dev.vitrine.study.explanation.DrawingPlan;
import dev.vitrine.study.explanation.ExplanationStudy;
import dev.vitrine.study.segment.SegmentPlan;
import dev.vitrine.study.segment.SegmentSearch;
import dev.vitrine.study.trust.TrustPlan;
import dev.vitrine.study.trust.TrustStudy;
import dev.vitrine.study.where.MapClusters;
import dev.vitrine.study.where.WhereSearch;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Studies of explanations, about a small network. */
final class ExplanationCases {
    private static final Targets LIKELIEST = new Targets(1, List.of());

    private ExplanationCases() {}

    static ExplanationStudy explain(Model model, PictureList pictures, Path folder) {
        return new ExplanationStudy(
                model,
                pictures,
                ClassScore.of(ClassScore.Scale.LOGIT),
                new Targets(2, List.of()),
                methods(),
                DrawingPlan.plain(folder, "test"));
    }

    private static MethodChoice methods() {
        return new MethodChoice(
                List.of(Attributions.find("grad-cam"), Attributions.find("saliency")),
                SettingValues.NONE,
                MethodChoice.Impossible.FAILS);
    }

    static SegmentSearch segment(Model model, PictureList pictures) {
        return new SegmentSearch(
                model,
                pictures,
                Attributions.find("layer-cam").standard(),
                LIKELIEST,
                SegmentPlan.USUAL,
                ExplanationCases::brighter);
    }

    /** Divides where the map is above its mean. */
    private static Segmentation brighter(Picture view, Tensor heat) {
        float[] scores = heat.toFloats();
        double total = 0;
        for (float score : scores) {
            total += score;
        }
        boolean[] object = new boolean[scores.length];
        for (int pixel = 0; pixel < scores.length; pixel++) {
            object[pixel] = scores[pixel] > total / scores.length;
        }
        return new Segmentation(view.width(), view.height(), object);
    }

    static TrustStudy trust(Model model, PictureList pictures) {
        return new TrustStudy(
                model, pictures, LIKELIEST, List.of(), methods(), new TrustPlan(2, 2, 0.5, OptionalInt.of(512), 3));
    }

    static WhereSearch where(Model model, PictureList pictures) {
        return new WhereSearch(
                model,
                pictures,
                Attributions.find("saliency").standard(),
                new WhereSearch.Classes.Same(LIKELIEST),
                Collections.nCopies(pictures.size(), List.of(new Box(10, 10, 40, 40))),
                new MapClusters(0));
    }
}
