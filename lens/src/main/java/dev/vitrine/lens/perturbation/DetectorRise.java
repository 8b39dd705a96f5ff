package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.BoxFormat;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.DetectionLikeness;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;

/**
 * D-RISE: RISE with the similarity of detections as its score: over all boxes detected in a masked picture, the largest
 * IoU · cos(classes) · objectness with the explained one. Petsiuk et al. 2021, arXiv:2006.03204.
 *
 * @param cells of the grid along each side of the picture
 * @param keep probability that a cell is kept
 */
public record DetectorRise(
        @Setting(least = 1, meaning = Rise.MASKS) int samples,

        @Setting(least = 1, meaning = Rise.CELLS_OF_A_MASK) int cells,

        @Setting(label = "SHARE", above = 0, below = 1, meaning = Rise.KEPT)
        double keep,

        @Setting(label = "WHAT", meaning = Rise.COVER) Baseline baseline,

        @Setting(meaning = Rise.SEED) long seed)
        implements PictureAttribution, BaselineAttribution {
    private static final int SAMPLES = 5000;
    private static final int CELLS = 16;
    private static final double KEEP = 0.5;

    public DetectorRise() {
        this(SAMPLES, CELLS, KEEP, Baseline.ZERO, 0);
    }

    public DetectorRise {
        Settings.require(DetectorRise.class, samples, cells, keep, baseline, seed);
    }

    private Rise rise() {
        return new Rise(samples, cells, keep, baseline, seed);
    }

    @Override
    public Traits traits() {
        return new Traits("d-rise", Form.MAP, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long[] shape(Model model) {
        return rise().shape(model);
    }

    @Override
    public long evaluations(Model model) {
        return samples;
    }

    @Override
    public boolean isFor(Model model) {
        return DetectedBoxes.areKnown(model);
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        Model model = session.model();
        if (!DetectedBoxes.areKnown(model)) {
            throw VitrineException.usage("Method d-rise compares boxes, but output '"
                    + model.head().output() + "' is " + model.head().words()
                    + "; expected a detector that puts out boxes of four numbers with their scores. Use rise.");
        }
        if (!(objective instanceof ClassScore score)) {
            throw VitrineException.usage("Method d-rise explains a detection, not " + objective.description(model)
                    + "; expected --target CLASS, and --detection N for another box than its best.");
        }
        return new EachPicture(session, objective, (subject, progress) -> {
            DetectedBoxes found = DetectedBoxes.of(session, subject.image());
            BoxFormat format = found.format()
                    .orElseThrow(() -> VitrineException.usage("Method d-rise: the boxes in output '"
                            + model.head().output() + "' have negative sizes, whether they are read as corners or as"
                            + " center and size: offsets to a grid or to anchors, it seems; expected boxes. Export the"
                            + " model with its boxes decoded, or say 'boxes: xyxy, xywh or cxcywh' in the card."));
            int target = Math.toIntExact(
                    score.fixed().orElse(subject.target().longs().get(0)));
            int box = found.best(target);
            Objective likeness = new DetectionLikeness(format, found.corners(box, format), found.classes(box));
            Tensor attribution = rise().on(session, likeness)
                    .explain(subject.image(), subject.target(), progress)
                    .attribution();
            return new EachPicture.Said(attribution, List.of("Of box " + box + "."));
        });
    }
}
