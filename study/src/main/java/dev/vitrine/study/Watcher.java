package dev.vitrine.study;

import dev.vitrine.lens.attribution.Progress;

/** Observes a study: its progress, what it leaves out, and whether it should stop. */
public interface Watcher extends Progress {
    Watcher NONE = new Watcher() {
        @Override
        public void report(long done, long total) {}
    };

    /**
     * Starts the next piece of work.
     *
     * @param share of the whole study, from 0 to 1
     */
    default void begin(String work, double share) {}

    /** Progress between two reports. */
    default void within(long done, long total) {}

    /** The same for a piece with its own label that is a share of the study. */
    default Watcher piece(String work, double share) {
        return new PieceWatcher(this, work, share);
    }

    /** The work has ended. */
    default void end() {}

    /** A picture, or another part of the request, is left out; a full sentence. */
    default void leftOut(String problem) {}

    /** An intermediate result of a long study: a partial answer of its type. */
    default void known(Outcome<?> partial) {}

    /** A note for the user; a full sentence. */
    default void note(String sentence) {}

    /** The study was stopped and writes what is finished. */
    default void stopping() {}

    /**
     * Called between pieces of work.
     *
     * @throws java.util.concurrent.CancellationException to stop the study
     */
    default void check() {}
}
