package dev.vitrine.study;

import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Storage for the finished parts of unfinished studies, from which the same query resumes. */
public final class Parts {
    private final Optional<Path> folder;
    private final String version;
    private final List<PartStore> opened;

    private Parts(Optional<Path> folder, String version, List<PartStore> opened) {
        this.folder = folder;
        this.version = version;
        this.opened = opened;
    }

    /** Stores nothing. */
    public static Parts none() {
        return new Parts(Optional.empty(), "", new ArrayList<>());
    }

    /**
     * @param folder created on the first write
     * @param version of the program; parts from other versions are not resumed
     */
    public static Parts in(Path folder, String version) {
        return new Parts(Optional.of(folder), version, new ArrayList<>());
    }

    /**
     * The finished parts of this query.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE if the folder holds parts of a different query
     */
    public Optional<PartStore> of(Question question) {
        Optional<PartStore> store = folder.map(path -> PartStore.open(path, question.with("version", version)));
        store.ifPresent(opened::add);
        return store;
    }

    /**
     * Starts a study of several pieces, each with its own parts.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE if the folder holds parts of a different query
     */
    public void begin(Question question) {
        of(question);
    }

    /**
     * The finished pieces of a study.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE if the folder holds parts of a different query
     */
    public <T> Pieces<T> pieces(Question question, Class<T> type) {
        return new Pieces<>(of(question), type);
    }

    /** The storage of one piece of such a study. */
    Parts piece(String name) {
        return new Parts(folder.map(path -> path.resolve(name)), version, opened);
    }

    /** Whether progress is stored. */
    public boolean areKept() {
        return folder.isPresent();
    }

    /** Whether any parts are stored. */
    public boolean areUsed() {
        return !opened.isEmpty();
    }

    /** Deletes the parts, once the complete answer is written. */
    public void remove() {
        // Parts of pieces are inside the study's folder.
        for (int index = opened.size() - 1; index >= 0; index--) {
            opened.get(index).remove();
        }
        opened.clear();
    }
}
