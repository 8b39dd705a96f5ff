package dev.vitrine.lens.session;

import dev.vitrine.engine.tensor.Tensor;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The graphs of methods, each made once. Those whose own constants are large are let go of when they are open, or where all
 * would take too much memory together, and made again if they are needed again.
 *
 * @param <K> tells them apart
 */
final class Outlines<K> {
    /** Constants that graphs bring beside the model's own, those of several counted once. */
    private static final long HELD_BYTES = 512L << 20;

    /** A graph that brings less stays for good. */
    private static final long SMALL_BYTES = 16L << 20;

    private final Set<Tensor> own = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<K, Slot> slots = new ConcurrentHashMap<>();
    private final Map<K, Outline> held = new HashMap<>();

    /** @param own constants that are there anyway */
    Outlines(Iterable<Tensor> own) {
        own.forEach(this.own::add);
    }

    /** Several graphs can be built at the same time. */
    Outline of(K key, Supplier<Outline> make) {
        return slots.computeIfAbsent(key, absent -> new Slot()).filled(() -> {
            Outline made = make.get();
            hold(key, made);
            return made;
        });
    }

    private synchronized void hold(K key, Outline made) {
        Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
        held.values().forEach(graph -> all.addAll(graph.graph().constants().values()));
        all.addAll(made.graph().constants().values());
        if (brought(made) <= SMALL_BYTES || bytes(all) <= HELD_BYTES) {
            held.put(key, made);
        }
    }

    /** The graph is open. */
    synchronized void opened(K key) {
        Optional.ofNullable(held.get(key))
                .filter(graph -> brought(graph) > SMALL_BYTES)
                .ifPresent(graph -> held.remove(key));
    }

    private long brought(Outline graph) {
        return bytes(graph.graph().constants().values());
    }

    private long bytes(Iterable<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += own.contains(tensor) ? 0 : tensor.bytes().remaining();
        }
        return bytes;
    }

    private static final class Slot {
        private Optional<WeakReference<Outline>> made = Optional.empty();

        synchronized Outline filled(Supplier<Outline> make) {
            Outline known = made.map(WeakReference::get).orElse(null);
            if (known == null) {
                known = make.get();
                made = Optional.of(new WeakReference<>(known));
            }
            return known;
        }
    }
}
