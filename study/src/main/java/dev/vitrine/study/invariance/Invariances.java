package dev.vitrine.study.invariance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.vitrine.lens.transformation.RotationSymmetry;
import java.util.List;
import java.util.Optional;

/** How far pictures move in a network when they are transformed. */
public record Invariances(List<OfPicture> pictures) {
    public Invariances {
        pictures = List.copyOf(pictures);
    }

    /**
     * One picture.
     *
     * @param label the class whose probability is given
     * @param curves one for each transformation
     * @param symmetry of the features of the last layer under rotation
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record OfPicture(
            int index, String name, int label, List<Curve> curves, Optional<RotationSymmetry> symmetry) {
        public OfPicture {
            curves = List.copyOf(curves);
        }
    }

    /**
     * One transformation, by amount.
     *
     * @param distances for each layer {@code ‖f(Tx) − f(x)‖ / ‖f(x)‖} of its activations
     * @param probabilities of the class
     */
    public record Curve(String transformation, List<List<Double>> distances, List<Double> probabilities) {
        public Curve {
            distances = distances.stream().map(List::copyOf).toList();
            probabilities = List.copyOf(probabilities);
        }
    }
}
