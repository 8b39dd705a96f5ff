package dev.vitrine.study;

import dev.vitrine.lens.attribution.Progress;

/** Follows a study: its progress, what it leaves out, and whether it should stop. */
public interface Watcher extends Progress {
    Watcher NONE = new Watcher() {
        @Override
        public void report(long done, long total) {}
    };

    /**
     * The next piece of work.
     *
     * @param share of the whole study, from 0 to 1
     */
    default void begin(String work, double share) {}

    /** How far the work is between two reports. */
    default void within(long done, long total) {}

    /** Hears the same of a piece that is a share of the study and has words of its own. */
    default Watcher piece(String work, double share) {
        return new PieceWatcher(this, work, share);
    }

    /** The work has ended. */
    default void end() {}

    /** A picture, or another part of what was asked, is not in the answer; a whole sentence. */
    default void leftOut(String problem) {}

    /** What a long study knows so far: a partial answer of its kind. */
    default void known(Outcome<?> partial) {}

    /** Something that a reader should know; a whole sentence. */
    default void note(String sentence) {}

    /** The study was stopped, and writes what is done. */
    default void stopping() {}

    /**
     * Called between pieces of work.
     *
     * @throws java.util.concurrent.CancellationException to stop the study
     */
    default void check() {}
}
