package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;

/** Checks that a network's scores for a picture are finite. */
public final class FiniteScores {
    private FiniteScores() {}

    /** Fails by the picture's name if a network's scores for it are not finite. */
    public static void require(String picture, Tensor scores) {
        for (float score : scores.toFloats()) {
            if (!Float.isFinite(score)) {
                throw VitrineException.failure(picture + ": the network's class scores for it are " + score
                        + "; expected finite numbers. The network may overflow, divide by something that is 0 in this"
                        + " picture, or need different preprocessing.");
            }
        }
    }
}
