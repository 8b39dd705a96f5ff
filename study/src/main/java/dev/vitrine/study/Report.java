package dev.vitrine.study;

import java.nio.file.Path;
import java.util.List;

/** Shows what a study came to; it computes nothing. */
@FunctionalInterface
public interface Report<R> {
    /**
     * Writes its files, each whole or not at all.
     *
     * @return the files, in the order in which they should be named
     */
    List<Path> write(Outcome<R> outcome, Path folder);
}
