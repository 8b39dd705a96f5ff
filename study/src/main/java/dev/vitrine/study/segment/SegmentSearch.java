package dev.vitrine.study.segment;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Segmentation;
import dev.vitrine.lens.render.Smoothing;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.segment.Segments.Segment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which part of each picture supports a class: its map seeds object and background, and a graph cut assigns the rest by
 * color. Simonyan et al. 2013, arXiv:1312.6034.
 *
 * @param targets one class: the likeliest of each picture, or the same of all
 * @param cut seeded by the quantiles of the plan
 */
public record SegmentSearch(
        Model model, PictureList pictures, Attribution method, Targets targets, SegmentPlan plan, Cut cut)
        implements Survey<Segments, Segments> {
    private static final int FORMAT = 1;

    /** Divides a picture into object and background. */
    @FunctionalInterface
    public interface Cut {
        /**
         * @param view the network's input as a picture
         * @param heat of the class, {@code f32[H,W]} in the view's size
         */
        Segmentation of(Picture view, Tensor heat);
    }

    @Override
    public String id() {
        return "segment";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("method", method)
                .with("targets", targets)
                .with("plan", plan);
    }

    @Override
    public Class<Segments> part() {
        return Segments.class;
    }

    /** Methods differ in their batch sizes; each picture is explained alone. */
    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public Look<Segments> open(ModelSession session, int batch) {
        Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
        return seen -> new Segments(seen.items().stream()
                .map(item -> at(item, seen.images().rows(item.row(), item.row() + 1), session, explainer))
                .toList());
    }

    private Segment at(Batch.Item item, Tensor input, ModelSession session, Explainer explainer) {
        int target = targets.of(session.logits(input), model).get(0);
        Tensor map = explainer
                .explain(input, ModelSession.targets(target), Progress.NONE)
                .attribution();
        Segmentation found = cut.of(item.view().orElseThrow(), smoothed(PixelHeat.of(method, map, model)))
                .largestPart();
        return Segment.of(item.index(), item.name(), model.labels().display(target), found);
    }

    /** Per-pixel maps are noisy across the quantiles; smoothing makes them coherent. */
    private Tensor smoothed(Tensor heat) {
        if (method.form() == Attribution.Form.MAP || plan.smoothing() == 0) {
            return heat;
        }
        double sigma = plan.smoothing() * Math.max(heat.dimension(0), heat.dimension(1));
        Provenance provenance = new Provenance("", "", "", method.id(), Map.of());
        return new Smoothing(sigma).apply(new Heatmap(heat, provenance)).scores();
    }

    @Override
    public Segments merge(Segments left, Segments right) {
        return new Segments(Stream.concat(left.pictures().stream(), right.pictures().stream())
                .toList());
    }

    @Override
    public Segments finish(Segments all, Seen seen) {
        return all;
    }

    /** Provenance of a segmentation, for its files. */
    Provenance provenance(Segment segment) {
        Map<String, String> options = new LinkedHashMap<>(method.optionsOn(model));
        options.put("object", Double.toString(plan.object()));
        options.put("likely", Double.toString(plan.middle()));
        options.put("background", Double.toString(plan.background()));
        options.put("smoothing", Double.toString(plan.smoothing()));
        options.put("cuts", Integer.toString(plan.cuts()));
        return new Provenance(model.name(), segment.name(), segment.target(), method.id() + " + GrabCut", options);
    }
}
