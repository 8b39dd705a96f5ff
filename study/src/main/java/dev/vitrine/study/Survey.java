package dev.vitrine.study;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import java.util.Optional;

/**
 * A study that processes pictures batch by batch. {@link StudyRunner} decodes them, reports progress, stores finished
 * parts and resumes; a survey defines the result of a batch, how two results merge, and the final answer.
 *
 * @param <P> result for some pictures: a record that {@link StudyJson} writes and reads back
 * @param <R> the final answer
 */
public interface Survey<P, R> extends Study<R> {
    /** The network that is run. */
    Model model();

    PictureList pictures();

    /** All parameters that determine the result of a batch; runs with equal queries resume each other. */
    Question question();

    Class<P> part();

    /** Opens the resources to process batches. */
    Look<P> open(ModelSession session, int batch);

    /** Merges the results of two runs of pictures, those of {@code left} before those of {@code right}; associative. */
    P merge(P left, P right);

    /** The answer for all pictures, or for those before the study was stopped. */
    R finish(P all, Seen seen);

    /** Maximum batch size. */
    default int batch(ModelSession session) {
        return 4;
    }

    /** What is needed of each picture besides the network's input. */
    default Batch.Need need() {
        return Batch.Need.INPUT;
    }

    @Override
    default Outcome<R> run(StudyContext context) {
        return new StudyRunner<>(this, context).run();
    }

    /**
     * Open resources that process batches one after the other.
     *
     * @param <P> result for some pictures
     */
    interface Look<P> extends AutoCloseable {
        /**
         * The result of a batch. Pictures without a result are {@linkplain Batch#refuse refused}.
         *
         * @param batch with at least one readable picture
         */
        P at(Batch batch);

        /**
         * The same, for batches that take long.
         *
         * @param within receives progress updates
         */
        default P at(Batch batch, Progress within) {
            return at(batch);
        }

        /** The result so far of the batch in progress when the study was stopped, if there is something to show. */
        default Optional<P> begun() {
            return Optional.empty();
        }

        /** Called after each batch, whether any of its pictures could be read or not. */
        default void passed(Batch batch) {}

        @Override
        default void close() {}
    }

    /**
     * The pictures behind an answer.
     *
     * @param pictures number included
     * @param unreadable number processed but not included
     * @param all number requested
     */
    record Seen(int pictures, int unreadable, int all) {}
}
