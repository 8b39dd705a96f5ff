package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.BoxFormat;
import dev.vitrine.lens.model.head.Detections;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.Places;
import dev.vitrine.lens.model.head.Region;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The detections of a detector in one picture.
 *
 * @param boxes {@code f32[1,boxes,4]} in the detector's own unit
 * @param classes {@code f32[1,boxes,classes]}, 0..1
 * @param scores the same times objectness, if present
 * @param ranks the ranking by which the best box of a class is chosen
 */
public record DetectedBoxes(
        Model model, Detections detections, Tensor boxes, Tensor classes, Tensor scores, Tensor ranks) {
    /** Coordinates up to this are relative to the picture. */
    private static final float LARGEST_SHARE = 2;

    /** A rectangle in pixels of the network's input. */
    public record Pixels(double left, double top, double right, double bottom) {}

    private static final int BOX = 4;

    /** Whether a model is a detector with known boxes. */
    private enum Part implements GraphKey {
        DETECTIONS
    }

    public static boolean areKnown(Model model) {
        return model.head().kind() == HeadKind.DETECTOR
                && model.head()
                        .places()
                        .flatMap(Places::detections)
                        .map(found -> model.graph().types().get(found.boxes()))
                        .filter(type -> type.dimension(2).size() == BOX)
                        .isPresent();
    }

    /**
     * Runs a detector; an error for other networks.
     *
     * @param image {@code f32[1,…]} as the model's input
     */
    public static DetectedBoxes of(ModelSession session, Tensor image) {
        Model model = session.model();
        if (!areKnown(model)) {
            throw VitrineException.usage("Output '" + model.head().output() + "' is "
                    + model.head().words() + "; expected a detector that puts out boxes of four numbers with their"
                    + " scores.");
        }
        Detections found = model.head().places().flatMap(Places::detections).orElseThrow();
        List<Value> outputs = new ArrayList<>(List.of(found.boxes(), found.classes()));
        if (!outputs.contains(found.ranks())) {
            outputs.add(found.ranks());
        }
        found.objectness().ifPresent(outputs::add);
        Executable executable = session.executable(
                Part.DETECTIONS,
                ClassScore.of(ClassScore.Scale.LOGIT),
                List.of(model.batch()),
                1,
                () -> new Cut(outputs).apply(model.graph()));
        Map<Value, Tensor> results = executable.run(Map.of(model.input(), session.filled(image)));
        Tensor classes = results.get(found.classes()).rows(0, 1);
        Tensor scores = found.objectness()
                .map(there -> times(classes, results.get(there).rows(0, 1)))
                .orElse(classes);
        return new DetectedBoxes(
                model,
                found,
                results.get(found.boxes()).rows(0, 1),
                classes,
                scores,
                results.get(found.ranks()).rows(0, 1));
    }

    private static Tensor times(Tensor classes, Tensor objectness) {
        float[] product = classes.toFloats();
        int columns = (int) classes.dimension(2);
        for (int at = 0; at < product.length; at++) {
            product[at] *= objectness.floats().get(at / columns);
        }
        return Tensor.floats(product, classes.shape());
    }

    /** The box of a class that the head reads: the chosen one, else the best. */
    public int best(int target) {
        if (model.head().places().orElseThrow().region() instanceof Region.Numbered numbered) {
            return numbered.box();
        }
        int columns = (int) ranks.dimension(2);
        int best = 0;
        for (int box = 0; box < scores.dimension(1); box++) {
            best = ranks.floats().get(box * columns + target) > ranks.floats().get(best * columns + target)
                    ? box
                    : best;
        }
        return best;
    }

    /** The classes of a box, 0..1. */
    List<Float> classes(int box) {
        List<Float> row = new ArrayList<>();
        int columns = (int) classes.dimension(2);
        for (int index = 0; index < columns; index++) {
            row.add(classes.floats().get(box * columns + index));
        }
        return row;
    }

    /**
     * The meaning of the four numbers: given by the graph or the card, else corners if the third and fourth are never
     * below the first two, center and size if never negative, else unknown.
     */
    public Optional<BoxFormat> format() {
        if (detections.format().isPresent()) {
            return detections.format();
        }
        float[] all = boxes.toFloats();
        boolean corners = true;
        boolean sizes = true;
        for (int at = 0; at + 3 < all.length; at += BOX) {
            corners &= all[at + 2] >= all[at] && all[at + 3] >= all[at + 1];
            sizes &= all[at + 2] >= 0 && all[at + 3] >= 0;
        }
        if (corners) {
            return Optional.of(BoxFormat.XYXY);
        }
        return sizes ? Optional.of(BoxFormat.CXCYWH) : Optional.empty();
    }

    /** Left, top, right, bottom of a box in the detector's own unit. */
    List<Float> corners(int box, BoxFormat format) {
        float first = number(box, 0);
        float second = number(box, 1);
        float third = number(box, 2);
        float fourth = number(box, 3);
        return switch (format) {
            case XYXY -> List.of(first, second, third, fourth);
            case XYWH -> List.of(first, second, first + third, second + fourth);
            case CXCYWH -> List.of(first - third / 2, second - fourth / 2, first + third / 2, second + fourth / 2);
        };
    }

    private float number(int box, int index) {
        return boxes.floats().get(box * BOX + index);
    }

    /** A box on the network's input, if the meaning of its numbers is known. */
    public Optional<Pixels> pixels(int box) {
        return format().map(known -> {
            List<Float> corners = corners(box, known);
            boolean shares = detections.normalized().orElseGet(this::looksNormalized);
            double across = shares ? model.preprocessing().width() : 1;
            double down = shares ? model.preprocessing().height() : 1;
            return new Pixels(
                    corners.get(0) * across, corners.get(1) * down, corners.get(2) * across, corners.get(3) * down);
        });
    }

    private boolean looksNormalized() {
        for (float number : boxes.toFloats()) {
            if (Math.abs(number) > LARGEST_SHARE) {
                return false;
            }
        }
        return true;
    }
}
