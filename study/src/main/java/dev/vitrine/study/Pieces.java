package dev.vitrine.study;

import dev.vitrine.lens.store.PartStore;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pieces of a study that are done, so that none is done twice.
 *
 * @param <T> what a piece comes to: a record that {@link StudyJson} writes and reads back
 */
public final class Pieces<T> {
    private final Optional<PartStore> store;
    private final Class<T> type;

    Pieces(Optional<PartStore> store, Class<T> type) {
        this.store = store;
        this.type = type;
    }

    /** What a piece came to in an earlier run. */
    public Optional<T> known(String name) {
        return store.flatMap(parts -> parts.read(name)).flatMap(bytes -> StudyJson.read(bytes, type));
    }

    /** What a piece comes to: known, or else worked out and kept. */
    public T done(String name, Supplier<T> work) {
        return known(name).orElseGet(() -> {
            T result = work.get();
            store.ifPresent(parts -> parts.write(name, StudyJson.bytes(result)));
            return result;
        });
    }
}
