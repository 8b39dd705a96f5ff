package dev.vitrine.study.attack.universal;

import dev.vitrine.study.attack.Share;
import java.util.List;

/**
 * One change for all pictures, and what it does to pictures that it was not made from.
 *
 * @param change {@code f32[C,H,W]}, in whole steps of 8 bits
 * @param learned number of pictures that it was made from
 * @param tested number of other pictures
 * @param accuracy share of right predictions on these without change
 * @param under the same with the change
 * @param success share of them that are broken, of those that were right; with a target, that reach it
 * @param random the same for a change of random signs and the same size
 * @param landings predictions for the changed pictures, most frequent first
 */
public record UniversalAnswer(
        float[] change,
        int learned,
        int tested,
        Share accuracy,
        Share under,
        Share success,
        Share random,
        List<Landing> landings,
        List<Example> examples,
        List<String> unreadable) {
    /** A class and how many changed pictures are taken for it. */
    public record Landing(int label, int count) {}

    /**
     * A picture that the change breaks.
     *
     * @param index in the list of pictures
     */
    public record Example(int index, String name, int before, int after) {}

    public UniversalAnswer {
        landings = List.copyOf(landings);
        examples = List.copyOf(examples);
        unreadable = List.copyOf(unreadable);
    }
}
