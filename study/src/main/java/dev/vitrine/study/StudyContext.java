package dev.vitrine.study;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Cadence;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What every study is given and none owns.
 *
 * @param sessions the session of each network that the study asks about
 * @param watcher hears how far the work is, and may stop it
 * @param parts what was finished by an earlier run, and where to keep what this one finishes
 * @param cadence how often to keep it
 * @param largestBatch pictures in a batch at most; empty for what the study finds best
 */
public record StudyContext(
        Function<Model, ModelSession> sessions,
        Watcher watcher,
        Parts parts,
        Supplier<Cadence> cadence,
        OptionalInt largestBatch) {
    /** Watched by nobody, keeping nothing. */
    public static StudyContext of(ModelSession session) {
        return of(session, Watcher.NONE, Parts.none());
    }

    /** A study that asks no network. */
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

    /** A study of one network. */
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
     * For one of several pieces of a study, with parts and progress of its own.
     *
     * @param name of its parts
     * @param work what its progress is called
     * @param share of the study's work, from 0 to 1
     */
    public StudyContext piece(String name, String work, double share) {
        return new StudyContext(sessions, watcher.piece(work, share), parts.piece(name), cadence, largestBatch);
    }

    public ModelSession session(Model model) {
        return sessions.apply(model);
    }
}
