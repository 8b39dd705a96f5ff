package dev.vitrine.study;

/**
 * A question about networks, pictures or checkpoints, with everything that decides its answer.
 *
 * @param <R> the answer: a record that {@link StudyJson} writes and reads back
 */
public interface Study<R> {
    /** The name of its command. */
    String id();

    /**
     * Answers the question. Where it is stopped, what is done is the answer, marked as partial.
     *
     * @throws java.util.concurrent.CancellationException where it is stopped before there is anything to answer
     */
    Outcome<R> run(StudyContext context);
}
