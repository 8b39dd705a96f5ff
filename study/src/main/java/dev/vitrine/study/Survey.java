package dev.vitrine.study;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import java.util.Optional;

/**
 * A study that looks at pictures one batch at a time. {@link StudyRunner} decodes them, watches, keeps what is finished
 * and goes on from it; a survey says what a batch tells, how two parts merge, and what all of them tell.
 *
 * @param <P> what some pictures tell: a record that {@link StudyJson} writes and reads back
 * @param <R> what all of them tell
 */
public interface Survey<P, R> extends Study<R> {
    /** The network that looks. */
    Model model();

    PictureList pictures();

    /** All that decides what a batch tells; what an equal question has finished is gone on with. */
    Question question();

    Class<P> part();

    /** Opens what looking takes. */
    Look<P> open(ModelSession session, int batch);

    /** What two runs of pictures tell together, those of {@code left} before those of {@code right}; associative. */
    P merge(P left, P right);

    /** What all pictures tell, or those before the study was stopped. */
    R finish(P all, Seen seen);

    /** Pictures in a batch at most. */
    default int batch(ModelSession session) {
        return 4;
    }

    /** What a look needs of each picture besides the network's input. */
    default Batch.Need need() {
        return Batch.Need.INPUT;
    }

    @Override
    default Outcome<R> run(StudyContext context) {
        return new StudyRunner<>(this, context).run();
    }

    /**
     * Something opened to look at batches, one after the other.
     *
     * @param <P> what some pictures tell
     */
    interface Look<P> extends AutoCloseable {
        /**
         * What a batch tells. Pictures that the network cannot answer are {@linkplain Batch#refuse refused}.
         *
         * @param batch with at least one readable picture
         */
        P at(Batch batch);

        /**
         * The same, for work that takes long for each batch.
         *
         * @param within hears how far it is
         */
        default P at(Batch batch, Progress within) {
            return at(batch);
        }

        /** What is known of the batch that was looked at when the work was stopped, where there is something to show. */
        default Optional<P> begun() {
            return Optional.empty();
        }

        /** A batch is done, whether any of its pictures could be read or not. */
        default void passed(Batch batch) {}

        @Override
        default void close() {}
    }

    /**
     * Which pictures an answer is about.
     *
     * @param pictures that are in it
     * @param unreadable those that are not, though they were looked at
     * @param all that were asked about
     */
    record Seen(int pictures, int unreadable, int all) {}
}
