package dev.vitrine.study;

import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where studies keep what is finished of work that is not, so that the same question goes on from there. */
public final class Parts {
    private final Optional<Path> folder;
    private final String version;
    private final List<PartStore> opened;

    private Parts(Optional<Path> folder, String version, List<PartStore> opened) {
        this.folder = folder;
        this.version = version;
        this.opened = opened;
    }

    /** Nothing is kept. */
    public static Parts none() {
        return new Parts(Optional.empty(), "", new ArrayList<>());
    }

    /**
     * @param folder made when there is something to keep
     * @param version of the program; what another one has finished is not gone on with
     */
    public static Parts in(Path folder, String version) {
        return new Parts(Optional.of(folder), version, new ArrayList<>());
    }

    /**
     * What was finished of this question.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE where the folder holds parts of another question
     */
    public Optional<PartStore> of(Question question) {
        Optional<PartStore> store = folder.map(path -> PartStore.open(path, question.with("version", version)));
        store.ifPresent(opened::add);
        return store;
    }

    /**
     * Begins a study of several pieces, each with parts of its own.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE where the folder holds parts of another question
     */
    public void begin(Question question) {
        of(question);
    }

    /**
     * Pieces of a study that are done.
     *
     * @throws dev.vitrine.engine.VitrineException of kind USAGE where the folder holds parts of another question
     */
    public <T> Pieces<T> pieces(Question question, Class<T> type) {
        return new Pieces<>(of(question), type);
    }

    /** Where a piece of such a study keeps its parts. */
    Parts piece(String name) {
        return new Parts(folder.map(path -> path.resolve(name)), version, opened);
    }

    /** Whether what is done so far is kept. */
    public boolean areKept() {
        return folder.isPresent();
    }

    /** Whether some work is kept. */
    public boolean areUsed() {
        return !opened.isEmpty();
    }

    /** Forgets the parts, once the whole answer is written. */
    public void remove() {
        // Those of pieces lie within that of the whole.
        for (int index = opened.size() - 1; index >= 0; index--) {
            opened.get(index).remove();
        }
        opened.clear();
    }
}
