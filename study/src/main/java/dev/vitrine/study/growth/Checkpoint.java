package dev.vitrine.study.growth;

import dev.vitrine.lens.session.ModelSession;
import java.util.function.Supplier;

/**
 * A network as it was at some time of its training.
 *
 * @param digest of its file
 * @param opening opens it, for as long as it is looked at
 */
public record Checkpoint(String name, String digest, Supplier<? extends Open> opening) {
    /** A checkpoint that is open. */
    public interface Open extends AutoCloseable {
        ModelSession session();

        @Override
        void close();
    }
}
