package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.objective.ClassContrast;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;

/** Notes on maps that are zero everywhere, with the reason where it can be found. */
public final class EmptyMaps {
    /** Distance of a probability from 0 or 1 at which its gradient vanishes in single precision. */
    private static final double SATURATED = 1e-6;

    private static final String ZERO = "The map is zero everywhere";

    private final ModelSession session;
    private final Attribution method;
    private final Objective objective;

    public EmptyMaps(ModelSession session, Attribution method, Objective objective) {
        this.session = session;
        this.method = method;
        this.objective = objective;
    }

    /** The explanation with a note on each map that is zero everywhere. */
    public Explanation noted(Tensor images, Tensor targets, Explanation explanation) {
        List<List<String>> notes = new ArrayList<>();
        boolean any = false;
        for (int row = 0; row < explanation.notes().size(); row++) {
            List<String> own = new ArrayList<>(explanation.notes().get(row));
            if (isZero(explanation.attribution().rows(row, row + 1))) {
                any = true;
                own.add(ZERO + ": " + reason(images.rows(row, row + 1), targets.rows(row, row + 1), explanation, row));
            }
            notes.add(own);
        }
        return any
                ? new Explanation(explanation.attribution(), explanation.scores(), explanation.logits(), notes)
                : explanation;
    }

    /** Whether a note was added here. */
    public static boolean isNote(String note) {
        return note.startsWith(ZERO);
    }

    private static boolean isZero(Tensor map) {
        for (float value : map.toFloats()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private String reason(Tensor image, Tensor target, Explanation explanation, int row) {
        if (objective instanceof ClassScore score && score.scale() != ClassScore.Scale.LOGIT) {
            int index = Math.toIntExact(score.fixed().orElse(target.longs().get(0)));
            Head head = session.model().head();
            double probability = head.hasProbabilities()
                    ? head.probabilities(explanation.logits().rows(row, row + 1).toFloats())[index]
                    : Double.NaN;
            if (probability < SATURATED || probability > 1 - SATURATED) {
                return "the probability of the class is saturated at " + (probability < 0.5 ? "0" : "1")
                        + ", where its gradient vanishes. Explain the logit: --score logit.";
            }
        }
        if (objective instanceof ClassContrast contrast
                && contrast.against()
                        == contrast.score().fixed().orElse(target.longs().get(0))) {
            return "the class is compared with itself.";
        }
        if (objective instanceof UnitScore && explanation.scores().floats().get(row) == 0) {
            return objective.description() + " is 0 on this picture, and the gradient of a rectifier at 0 is 0.";
        }
        if (method instanceof LayerAttribution layer && method.sign() == Attribution.Sign.POSITIVE) {
            return ofLayer(layer, image, target);
        }
        return method instanceof GraphAttribution
                ? "the score does not depend on any pixel in this picture's neighborhood: every path from the pixels to"
                        + " it is blocked by a rectifier, a clip or a rounding."
                : "no occluded part changed the score in single precision. It may be saturated or independent of the"
                        + " picture; with --score probability, try --score logit.";
    }

    /** The map of the negated score shows whether clipping at zero removed everything. */
    private String ofLayer(LayerAttribution layer, Tensor image, Tensor target) {
        String name = "layer '" + layer.maps(session.model(), objective).value() + "'";
        if (!(layer instanceof GraphAttribution)) {
            return "at every position " + name
                    + " is evidence against the class or none, and negative values are clipped."
                    + " Choose another layer by --layer.";
        }
        boolean against;
        try {
            Objective turned = new WeightedSum(List.of(new WeightedSum.Term(-1, objective)));
            against = !isZero(session.explainer(layer, turned)
                    .explain(image, target, Progress.NONE)
                    .attribution());
        } catch (VitrineException noGradient) {
            return "nothing in " + name + " is evidence for it.";
        }
        return against
                ? "at every position of " + name + " the weighted maps are negative, and negative values are clipped."
                        + " Choose another layer by --layer, or see the signed map of --method gradient."
                : "the gradient of the score is zero at " + name
                        + ": the layer is inactive here, or every path from it to the score"
                        + " is blocked. Choose another layer by --layer.";
    }
}
