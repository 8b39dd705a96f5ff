package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.session.ModelSession;

/** f(x): a scalar score of a picture, evaluated by metrics on many perturbed pictures. */
@FunctionalInterface
public interface PictureScore {
    /**
     * The score of each picture.
     *
     * @param images {@code f32[N,…]} as the model's input
     */
    double[] of(Tensor images);

    /** Batch size of evaluations. */
    default int batchSize() {
        return 1;
    }

    /** The probability of a class, 0..1, or its score if the network has no probabilities. */
    static PictureScore shown(ModelSession session, int target) {
        return batched(session, row -> Probabilities.shown(row, session.model())[target]);
    }

    /** The logit of a class. */
    static PictureScore logit(ModelSession session, int target) {
        return batched(session, row -> row.floats().get(target));
    }

    /** Reads a score from a row of logits {@code f32[1,classes]}. */
    interface Reading {
        double of(Tensor logits);
    }

    private static PictureScore batched(ModelSession session, Reading reading) {
        return new PictureScore() {
            @Override
            public double[] of(Tensor images) {
                Tensor logits = session.logits(images);
                double[] scores = new double[Math.toIntExact(images.dimension(0))];
                for (int row = 0; row < scores.length; row++) {
                    scores[row] = reading.of(logits.rows(row, row + 1));
                }
                return scores;
            }

            @Override
            public int batchSize() {
                return session.batchSize();
            }
        };
    }
}
