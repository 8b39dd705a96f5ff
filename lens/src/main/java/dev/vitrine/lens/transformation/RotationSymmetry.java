package dev.vitrine.lens.transformation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rotations after which a picture is nearly the same for the network: at each multiple of 360°/n the distance of features
 * has a minimum, at most {@value #LEAST_DIP} of the mean distance half-way between.
 *
 * @param order n; 4 for a picture that looks alike after each quarter of a turn
 * @param dip mean distance at these angles by that half-way between, 0 for perfect symmetry
 */
public record RotationSymmetry(int order, double dip) {
    private static final double LEAST_DIP = 0.75;
    private static final int LARGEST = 9;

    /** Angle between the repetitions, in degrees. */
    public double degrees() {
        return 360.0 / order;
    }

    /**
     * The largest order of symmetry; empty if there is none.
     *
     * @param distances of features from those without rotation, for angles that divide the turn equally, 0 first
     */
    public static Optional<RotationSymmetry> of(List<Double> distances) {
        for (int order = LARGEST; order > 1; order--) {
            // Minima need neighbors that are not themselves half-way.
            if (distances.size() % order == 0 && distances.size() / order >= 4) {
                Optional<RotationSymmetry> found = of(distances, order);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<RotationSymmetry> of(List<Double> distances, int order) {
        int count = distances.size();
        int period = count / order;
        List<Double> repeated = new ArrayList<>();
        List<Double> between = new ArrayList<>();
        for (int turn = 0; turn < order; turn++) {
            between.add(distances.get(turn * period + period / 2));
            between.add(distances.get(turn * period + (period + 1) / 2));
            if (turn > 0) {
                int at = turn * period;
                double here = distances.get(at);
                repeated.add(here);
                if (here >= distances.get(at - 1) || here >= distances.get((at + 1) % count)) {
                    return Optional.empty();
                }
            }
        }
        double middle = mean(between);
        double dip = middle == 0 ? 1 : mean(repeated) / middle;
        return dip <= LEAST_DIP ? Optional.of(new RotationSymmetry(order, dip)) : Optional.empty();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
