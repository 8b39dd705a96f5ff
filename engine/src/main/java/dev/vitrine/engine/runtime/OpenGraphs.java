package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A cache of open graphs within a bound of native memory: graphs are opened on demand, and the least recently used is
 * closed first, never during a run. Thread-safe: threads that ask for the same graph wait until it is open.
 *
 * @param <K> the key of a graph
 */
public final class OpenGraphs<K> implements AutoCloseable {
    /**
     * A graph that is to be opened.
     *
     * @param bytes native memory that it takes
     */
    public record Opening(Supplier<Executable> open, long bytes) {}

    private final long roomBytes;
    private final LinkedHashMap<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long usedBytes;
    private boolean closed;

    public OpenGraphs(long roomBytes) {
        this.roomBytes = roomBytes;
    }

    /**
     * A graph, opened now if it is not yet. It stays usable when it is closed to make room: a later run opens it again.
     * It need not be closed.
     *
     * @param opening called each time the graph must be opened
     */
    public Executable executable(K key, Supplier<Opening> opening) {
        Handle handle = new Handle(key, opening);
        handle.use(open -> open);
        return handle;
    }

    private Entry hold(K key, Supplier<Opening> opening) {
        Entry entry = held(key);
        try {
            entry.open(opening);
            return entry;
        } catch (RuntimeException | Error e) {
            release(entry);
            throw e;
        }
    }

    private synchronized Entry held(K key) {
        if (closed) {
            throw new IllegalStateException("the graphs are closed; open the model again");
        }
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry();
            entries.put(key, entry);
        }
        entry.users++;
        return entry;
    }

    private synchronized void makeRoom(long bytes) {
        shrink(roomBytes - bytes, 0);
        usedBytes += bytes;
    }

    private synchronized void release(Entry entry) {
        entry.users--;
        if (entry.users == 0 && (closed || entry.executable.isEmpty())) {
            entries.values().remove(entry);
            entry.close();
        }
        // While all were in use at once, they may have exceeded the bound.
        shrink(roomBytes, 1);
    }

    /** Closes the least recently used until the others fit, or the given number remains. */
    private void shrink(long room, int least) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (usedBytes > room && entries.size() > least && oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.users == 0) {
                oldest.remove();
                entry.close();
            }
        }
    }

    /** Closes idle graphs now and the others at the end of their runs. No run can begin afterwards. */
    @Override
    public synchronized void close() {
        closed = true;
        entries.values().stream().filter(entry -> entry.users == 0).forEach(Entry::close);
        entries.values().removeIf(entry -> entry.users == 0);
    }

    /** One graph; {@code users} and the bytes in use are guarded by the cache, the rest by the entry. */
    private final class Entry {
        private Optional<Executable> executable = Optional.empty();
        private long bytes;
        private int users;

        synchronized void open(Supplier<Opening> opening) {
            if (executable.isPresent()) {
                return;
            }
            Opening made = opening.get();
            makeRoom(made.bytes());
            bytes += made.bytes();
            executable = Optional.of(made.open().get());
        }

        void close() {
            usedBytes -= bytes;
            bytes = 0;
            executable.ifPresent(Executable::close);
            executable = Optional.empty();
        }
    }

    private final class Handle implements Executable {
        private final K key;
        private final Supplier<Opening> opening;

        Handle(K key, Supplier<Opening> opening) {
            this.key = key;
            this.opening = opening;
        }

        <T> T use(Function<Executable, T> work) {
            Entry entry = hold(key, opening);
            try {
                return work.apply(entry.executable.orElseThrow());
            } finally {
                release(entry);
            }
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs, List<Value> outputs) {
            return use(open -> open.run(inputs, outputs));
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs) {
            return use(open -> open.run(inputs));
        }

        @Override
        public void runInto(Map<Value, Tensor> inputs, Map<Value, Tensor> targets) {
            use(open -> {
                open.runInto(inputs, targets);
                return targets;
            });
        }

        @Override
        public void close() {
            // The cache closes it.
        }
    }
}
