package dev.vitrine.study.probe;

import java.util.List;

/**
 * Accuracy of classifiers on one layer.
 *
 * @param grid cells per side over which its maps were averaged
 * @param size features per picture
 * @param spread spread of class scores, chosen on the validation pictures
 * @param neighbors number of neighbors, chosen likewise
 * @param trials by ascending number of training pictures
 */
public record LayerResult(
        String layer, String operator, int grid, int size, double spread, int neighbors, List<Trial> trials) {
    /**
     * @param shots training pictures per class; {@link Integer#MAX_VALUE} for all
     * @param trained total number of training pictures
     */
    public record Trial(int shots, int trained, Answers linear, Answers neighbors) {
        /** As shown on pages. */
        public String title() {
            return shots == Integer.MAX_VALUE ? "all training pictures" : shots + (shots == 1 ? " shot" : " shots");
        }
    }

    public LayerResult {
        trials = List.copyOf(trials);
    }

    /** The trial with the most training pictures. */
    public Trial full() {
        return trials.get(trials.size() - 1);
    }
}
