package dev.vitrine.lens.model.anatomy;

import java.util.Optional;
import java.util.function.Supplier;

/** A value computed on first use; concurrent computations give equal results. */
final class Memo<T> implements Supplier<T> {
    private final Supplier<T> teller;
    private volatile Optional<T> told = Optional.empty();

    Memo(Supplier<T> teller) {
        this.teller = teller;
    }

    @Override
    public T get() {
        Optional<T> known = told;
        if (known.isEmpty()) {
            known = Optional.of(teller.get());
            told = known;
        }
        return known.get();
    }
}
