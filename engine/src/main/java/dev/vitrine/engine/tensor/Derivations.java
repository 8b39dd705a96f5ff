package dev.vitrine.engine.tensor;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Tensors derived from one tensor, each kept while it is referenced. Thread-safe. */
final class Derivations {
    private final Map<Object, Slot> slots = new ConcurrentHashMap<>();

    Tensor of(Object recipe, Supplier<Tensor> make) {
        return slots.computeIfAbsent(recipe, key -> new Slot()).filled(make);
    }

    private static final class Slot {
        private Optional<WeakReference<Tensor>> made = Optional.empty();

        /** Makes the tensor if needed; concurrent callers wait. */
        synchronized Tensor filled(Supplier<Tensor> make) {
            Tensor known = made.map(WeakReference::get).orElse(null);
            if (known == null) {
                known = make.get();
                made = Optional.of(new WeakReference<>(known));
            }
            return known;
        }
    }
}
