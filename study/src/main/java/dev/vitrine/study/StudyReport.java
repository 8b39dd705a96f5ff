package dev.vitrine.study;

import java.nio.file.Path;
import java.util.List;

/** What a study came to, as files and as an overview; it computes nothing. */
public interface StudyReport {
    /**
     * Writes its files, each whole or not at all.
     *
     * @return the files, in the order in which they should be named
     */
    List<Path> write(Path folder);

    Overview overview();
}
