package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains a batch picture by picture, for methods that need many evaluations per picture. */
public final class EachPicture implements Explainer {
    /**
     * The attribution of one picture, {@code f32[1,1,h,w]}, with notes.
     *
     * @param done progress when stopped, such as "12 of 4000 masks"
     */
    public record Said(Tensor attribution, List<String> notes, Optional<String> done) {
        public Said(Tensor attribution, List<String> notes) {
            this(attribution, notes, Optional.empty());
        }

        /** The same, for work that may have been stopped. */
        public Said after(int count, int total, String what) {
            return count == total
                    ? this
                    : new Said(attribution, notes, Optional.of(count + " of " + total + " " + what));
        }
    }

    /**
     * One picture of the batch.
     *
     * @param target class as {@code i64[1]}
     * @param score at the picture itself
     */
    public record Subject(Tensor image, Tensor target, double score) {}

    /** A method on one picture. */
    @FunctionalInterface
    public interface Method {
        Said explain(Subject subject, Progress progress);
    }

    private final ModelSession session;
    private final Objective objective;
    private final Method method;

    public EachPicture(ModelSession session, Objective objective, Method method) {
        this.session = session;
        this.objective = objective;
        this.method = method;
    }

    @Override
    public Explanation explain(Tensor images, Tensor targets, Progress progress) {
        ScoreReader.Scores scores = ScoreReader.read(session, objective, images, targets);
        Explanation.requireFinite(scores.scores());
        long count = images.dimension(0);
        List<Tensor> attributions = new ArrayList<>();
        List<List<String>> notes = new ArrayList<>();
        for (long row = 0; row < count; row++) {
            long before = row;
            Subject subject = new Subject(
                    images.rows(row, row + 1),
                    targets.rows(row, row + 1),
                    scores.scores().floats().get((int) row));
            Said said = method.explain(subject, (done, total) -> progress.report(before * total + done, count * total));
            attributions.add(said.attribution());
            notes.add(said.notes());
            if (said.done().isPresent()) {
                Explanation explanation = new Explanation(
                        Tensor.concatenate(attributions),
                        scores.scores().rows(0, row + 1),
                        scores.logits().rows(0, row + 1),
                        notes);
                throw new PartialExplanation(explanation, said.done().get());
            }
        }
        return new Explanation(Tensor.concatenate(attributions), scores.scores(), scores.logits(), notes);
    }

    /** Shape of one value per pixel. */
    public static long[] wholePicture(Model model) {
        return new long[] {
            1, 1, model.preprocessing().height(), model.preprocessing().width()
        };
    }
}
