package dev.vitrine.lens.objective;

import dev.vitrine.lens.model.head.Head;

/** A score of classes, which the scores of all classes may tell without the graph. */
public interface ClassObjective extends Objective {
    /** Whether {@link #of} can tell it; of a map the probabilities lie in the graph alone. */
    boolean isToldByScores(Head head);

    /**
     * The score of one sample.
     *
     * @param scores of all classes
     * @param target not read where the class is fixed
     */
    double of(Head head, float[] scores, long target);
}
