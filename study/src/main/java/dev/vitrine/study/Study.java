package dev.vitrine.study;

/**
 * A question about networks, pictures or checkpoints, with all parameters that determine its answer.
 *
 * @param <R> the answer: a record that {@link StudyJson} writes and reads back
 */
public interface Study<R> {
    /** Name of its command. */
    String id();

    /**
     * Runs the study. If stopped, it returns what is finished, marked as partial.
     *
     * @throws java.util.concurrent.CancellationException if stopped before there is any result
     */
    Outcome<R> run(StudyContext context);
}
