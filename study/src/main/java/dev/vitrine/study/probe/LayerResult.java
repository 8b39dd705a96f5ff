package dev.vitrine.study.probe;

import java.util.List;

/**
 * How well classes are told from one layer.
 *
 * @param grid cells along each side that its maps were averaged over
 * @param size numbers a picture
 * @param spread of class scores, chosen on the validation part
 * @param neighbors that vote, chosen likewise
 * @param trials by rising number of training pictures
 */
public record LayerResult(
        String layer, String operator, int grid, int size, double spread, int neighbors, List<Trial> trials) {
    /**
     * @param shots training pictures of each class; the largest whole number for all there are
     * @param trained training pictures in all
     */
    public record Trial(int shots, int trained, Answers linear, Answers neighbors) {
        /** For people. */
        public String title() {
            return shots == Integer.MAX_VALUE ? "all training pictures" : shots + (shots == 1 ? " shot" : " shots");
        }
    }

    public LayerResult {
        trials = List.copyOf(trials);
    }

    /** With the most training pictures. */
    public Trial full() {
        return trials.get(trials.size() - 1);
    }
}
