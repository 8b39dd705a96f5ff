package dev.vitrine.study.mistake;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassContrast;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which part of a picture misled a network. A map of why it predicts its class rather than the correct one proposes one
 * part of each size, the one with most positive evidence; each is occluded in turn and the network run again. The
 * smallest part whose occlusion corrects the prediction is the answer, or else the one that raises the correct
 * class most.
 *
 * @param taken the predicted class
 * @param certainty its probability
 * @param right the correct class
 * @param rightCertainty its probability
 * @param part the misleading part
 * @param share of the positive evidence in that part
 * @param coveredTaken the prediction with the part occluded
 * @param coveredRight probability of the correct class then
 */
public record Mistake(
        String taken,
        double certainty,
        String right,
        double rightCertainty,
        String part,
        double share,
        String coveredTaken,
        double coveredRight) {
    /**
     * Empty if the network is right, or nothing supports its class.
     *
     * @param method of the map
     * @param right index of the correct class
     */
    public static Optional<Mistake> of(ModelSession session, Attribution method, Picture picture, int right) {
        Preprocessing preprocessing = session.model().preprocessing();
        Picture view = preprocessing.view(picture);
        double[] before = probabilities(session, view);
        int taken = largest(before);
        if (taken == right) {
            return Optional.empty();
        }
        Tensor map = session.explainer(method, new ClassContrast(ClassScore.of(ClassScore.Scale.LOGIT), right))
                .explain(preprocessing.apply(view), ModelSession.targets(taken), Progress.NONE)
                .attribution();
        List<Mistake> found = new ArrayList<>();
        for (List<Part> parts : Part.SIZES) {
            Part part = parts.stream()
                    .max(Comparator.comparingDouble(one -> share(map, one)))
                    .orElseThrow();
            double[] after = probabilities(session, covered(view, part, preprocessing.meanColor()));
            Mistake mistake = new Mistake(
                    session.model().labels().name(taken),
                    before[taken],
                    session.model().labels().name(right),
                    before[right],
                    part.name(),
                    share(map, part),
                    session.model().labels().name(largest(after)),
                    after[right]);
            if (largest(after) == right) {
                return Optional.of(mistake);
            }
            found.add(mistake);
        }
        return found.stream().filter(one -> one.share > 0).max(Comparator.comparingDouble(Mistake::coveredRight));
    }

    /** A description of the mistake. */
    public String sentence() {
        String outcome = coveredTaken.equals(right)
                ? "the network says " + right + " (" + percent(coveredRight) + ")"
                : right + " goes from " + percent(rightCertainty) + " to " + percent(coveredRight)
                        + ", and the network says " + coveredTaken;
        return "It says " + taken + " (" + percent(certainty) + ") rather than " + right + " ("
                + percent(rightCertainty) + "). " + percent(share) + " of the evidence for " + taken + " against "
                + right
                + " lies in the " + part + " of the picture; with that part covered, " + outcome + ".";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** Share of the positive values of a map {@code f32[1,C,h,w]} that lie in a part. */
    static double share(Tensor map, Part part) {
        float[] values = map.toFloats();
        int height = (int) map.dimension(2);
        int width = (int) map.dimension(3);
        double inside = 0;
        double all = 0;
        for (int i = 0; i < values.length; i++) {
            double value = Math.max(0, values[i]);
            all += value;
            if (part.holds((i % width + 0.5) / width, (i / width % height + 0.5) / height)) {
                inside += value;
            }
        }
        return all > 0 ? inside / all : 0;
    }

    private static Picture covered(Picture view, Part part, int color) {
        byte[] rgb = view.sharedRgb().clone();
        for (int y = 0; y < view.height(); y++) {
            for (int x = 0; x < view.width(); x++) {
                if (part.holds((x + 0.5) / view.width(), (y + 0.5) / view.height())) {
                    int i = 3 * (y * view.width() + x);
                    rgb[i] = (byte) (color >> 16);
                    rgb[i + 1] = (byte) (color >> 8);
                    rgb[i + 2] = (byte) color;
                }
            }
        }
        return Picture.wrap(view.width(), view.height(), rgb);
    }

    private static double[] probabilities(ModelSession session, Picture view) {
        float[] logits =
                session.logits(session.model().preprocessing().apply(view)).toFloats();
        float most = logits[0];
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - most);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
