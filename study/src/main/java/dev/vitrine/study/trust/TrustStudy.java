package dev.vitrine.study.trust;

import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.List;

/**
 * How far explanation methods can be trusted on a network: whether their maps change when its weights are randomized,
 * and measures of each map beside those of a random map.
 *
 * @param targets the class to explain: the most likely one of each picture, or the same for all
 * @param boxes of each picture, in its pixels; empty if there are no annotations
 */
public record TrustStudy(
        Model model, PictureList pictures, Targets targets, List<List<Box>> boxes, MethodChoice methods, TrustPlan plan)
        implements Study<TrustResult> {
    /** Ids of the most commonly used methods of each kind. */
    public static final List<String> USUAL = List.of(
            "saliency",
            "smooth-grad",
            "integrated-gradients",
            "guided-backprop",
            "deconvnet",
            "grad-cam",
            "lrp-epsilon-plus");

    public TrustStudy {
        boxes = List.copyOf(boxes);
        methods = new MethodChoice(
                methods.entries().stream().map(TrustPlan::often).toList(), methods.values(), methods.impossible());
    }

    @Override
    public String id() {
        return "trust";
    }

    /** The methods, configured for the tests. */
    public List<Attribution> tested() {
        return methods.entries().stream().map(methods::method).toList();
    }

    @Override
    public Outcome<TrustResult> run(StudyContext context) {
        return new TrustRun(this, context).outcome();
    }
}
