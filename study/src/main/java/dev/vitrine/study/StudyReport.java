package dev.vitrine.study;

import java.nio.file.Path;
import java.util.List;

/** The result of a study, as files and as an overview; it computes nothing. */
public interface StudyReport {
    /**
     * Writes its files, each atomically.
     *
     * @return the files, in display order
     */
    List<Path> write(Path folder);

    Overview overview();
}
