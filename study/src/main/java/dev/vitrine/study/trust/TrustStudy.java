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
 * How far the maps of methods can be trusted on a network: whether they stay alike when its weights become random, and
 * measures of each map, with those of a random map beside them.
 *
 * @param targets which class is explained: the likeliest of each picture, or the same of all
 * @param boxes of each picture, in its pixels; empty where nobody has marked objects
 */
public record TrustStudy(
        Model model, PictureList pictures, Targets targets, List<List<Box>> boxes, MethodChoice methods, TrustPlan plan)
        implements Study<TrustResult> {
    /** Ids of methods that people use most, of every kind. */
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

    /** The methods as they are tested. */
    public List<Attribution> tested() {
        return methods.entries().stream().map(methods::method).toList();
    }

    @Override
    public Outcome<TrustResult> run(StudyContext context) {
        return new TrustRun(this, context).outcome();
    }
}
