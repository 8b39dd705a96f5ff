package dev.vitrine.lens.attribution;

/** Receives progress updates. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (done, total) -> {};

    /** {@code done} of {@code total} network evaluations are done. */
    void report(long done, long total);
}
