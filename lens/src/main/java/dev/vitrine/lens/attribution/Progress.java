package dev.vitrine.lens.attribution;

/** Hears how far a piece of work has come. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (done, total) -> {};

    /** {@code done} of {@code total} network evaluations are done. */
    void report(long done, long total);
}
