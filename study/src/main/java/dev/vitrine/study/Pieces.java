package dev.vitrine.study;

import dev.vitrine.lens.store.PartStore;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finished pieces of a study, so that none is computed twice.
 *
 * @param <T> result of a piece: a record that {@link StudyJson} writes and reads back
 */
public final class Pieces<T> {
    private final Optional<PartStore> store;
    private final Class<T> type;

    Pieces(Optional<PartStore> store, Class<T> type) {
        this.store = store;
        this.type = type;
    }

    /** The result of a piece from an earlier run. */
    public Optional<T> known(String name) {
        return store.flatMap(parts -> parts.read(name)).flatMap(bytes -> StudyJson.read(bytes, type));
    }

    /** The result of a piece: stored, or else computed and stored. */
    public T done(String name, Supplier<T> work) {
        return known(name).orElseGet(() -> {
            T result = work.get();
            store.ifPresent(parts -> parts.write(name, StudyJson.bytes(result)));
            return result;
        });
    }
}
