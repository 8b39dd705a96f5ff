package dev.vitrine.study;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The result of a study.
 *
 * @param unreadable the problem of each picture that is not in the answer
 * @param missing what is not in the answer because the study was stopped, as the end of "stopped after …"; empty for
 *     a complete answer
 */
public record Outcome<R>(R result, List<String> unreadable, Optional<String> missing) {
    public Outcome {
        unreadable = List.copyOf(unreadable);
    }

    /** A complete answer. */
    public static <R> Outcome<R> of(R result) {
        return new Outcome<>(result, List.of(), Optional.empty());
    }

    public static <R> Outcome<R> partial(R result, String stoppedAfter) {
        return new Outcome<>(result, List.of(), Optional.of(stoppedAfter));
    }

    public boolean isPartial() {
        return missing.isPresent();
    }

    public <T> Outcome<T> map(Function<R, T> change) {
        return new Outcome<>(change.apply(result), unreadable, missing);
    }
}
