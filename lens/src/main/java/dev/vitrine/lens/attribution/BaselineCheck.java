package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;

/** Explains by a method with a baseline; where the baseline causes NaN or infinity, the message says so. */
record BaselineCheck(ModelSession session, BaselineAttribution method, Objective objective, Explainer explainer)
        implements Explainer {
    @Override
    public Explanation explain(Tensor images, Tensor targets, Progress progress) {
        try {
            return explainer.explain(images, targets, progress);
        } catch (VitrineException problem) {
            if (NotFinite.ended(problem)) {
                blame(images, targets);
            }
            throw problem;
        }
    }

    /** Returns the original error if the picture itself has no finite score. */
    private void blame(Tensor images, Tensor targets) {
        for (long row = 0; row < images.dimension(0); row++) {
            Tensor image = images.rows(row, row + 1);
            Tensor target = targets.rows(row, row + 1);
            float own = score(image, target);
            float start = score(BaselineAttribution.of(session, method.baseline(), image), target);
            if (Float.isFinite(own) && !Float.isFinite(start)) {
                String message = "The network's score at the baseline '"
                        + method.baseline().label() + "' is " + start
                        + "; expected a finite number, since '" + method.id()
                        + "' compares the picture with it. The picture itself has a finite score. Choose another, such"
                        + " as --baseline blur, mean or noise.";
                boolean ofPicture =
                        method.baseline() instanceof Baseline.Blurred || method.baseline() instanceof Baseline.Mean;
                throw ofPicture ? NotFinite.failure(message) : VitrineException.failure(message);
            }
        }
    }

    private float score(Tensor image, Tensor target) {
        return ScoreReader.read(session, objective, image, target)
                .scores()
                .floats()
                .get(0);
    }
}
