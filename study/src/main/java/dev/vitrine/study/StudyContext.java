package dev.vitrine.study;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Cadence;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The environment of a study, which owns none of it.
 *
 * @param sessions a session for each network that the study runs
 * @param watcher receives progress updates and may stop the study
 * @param parts finished parts of an earlier run, and storage for new ones
 * @param cadence how often to store parts
 * @param largestBatch maximum batch size; empty to let the study choose
 */
public record StudyContext(
        Function<Model, ModelSession> sessions,
        Watcher watcher,
        Parts parts,
        Supplier<Cadence> cadence,
        OptionalInt largestBatch) {
    /** Without a watcher and without storing parts. */
    public static StudyContext of(ModelSession session) {
        return of(session, Watcher.NONE, Parts.none());
    }

    /** For a study that runs no network. */
    public static StudyContext of(Watcher watcher, Parts parts) {
        return new StudyContext(
                model -> {
                    throw new IllegalStateException("the study was given no network");
                },
                watcher,
                parts,
                Cadence::brisk,
                OptionalInt.empty());
    }

    /** For a study of one network. */
    public static StudyContext of(ModelSession session, Watcher watcher, Parts parts) {
        return new StudyContext(
                model -> {
                    if (!model.equals(session.model())) {
                        throw new IllegalArgumentException("The session is of '"
                                + session.model().name() + "', the study asks about '" + model.name() + "'");
                    }
                    return session;
                },
                watcher,
                parts,
                Cadence::brisk,
                OptionalInt.empty());
    }

    /**
     * For one of several pieces of a study, with its own parts and progress.
     *
     * @param name of its parts
     * @param work label of its progress
     * @param share of the study's work, from 0 to 1
     */
    public StudyContext piece(String name, String work, double share) {
        return new StudyContext(sessions, watcher.piece(work, share), parts.piece(name), cadence, largestBatch);
    }

    public ModelSession session(Model model) {
        return sessions.apply(model);
    }
}
