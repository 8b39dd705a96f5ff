package dev.vitrine.study;

import java.nio.file.Path;
import java.util.List;

/** Presents the result of a study; it computes nothing. */
@FunctionalInterface
public interface Report<R> {
    /**
     * Writes its files, each atomically.
     *
     * @return the files, in display order
     */
    List<Path> write(Outcome<R> outcome, Path folder);
}
