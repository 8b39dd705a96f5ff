package dev.vitrine.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BinaryOperator;

/**
 * The same survey of several networks, one after the other.
 *
 * @param results of the networks that were surveyed, the last perhaps of some pictures only
 * @param missing what was done, if the work was stopped
 */
public record InTurn<R>(List<R> results, List<String> unreadable, Optional<String> missing) {
    /**
     * @param names of the networks, for progress
     * @param within what was done if one survey was stopped, given what it says of itself and the network's name
     */
    public static <R> InTurn<R> of(
            StudyContext context,
            List<? extends Survey<?, R>> surveys,
            List<String> names,
            BinaryOperator<String> within) {
        List<R> results = new ArrayList<>();
        Set<String> unreadable = new LinkedHashSet<>();
        Optional<String> missing = Optional.empty();
        for (int index = 0; index < surveys.size() && missing.isEmpty(); index++) {
            String name = names.get(index);
            try {
                Outcome<R> outcome =
                        surveys.get(index).run(context.piece("network-" + index, name, 1.0 / surveys.size()));
                results.add(outcome.result());
                unreadable.addAll(outcome.unreadable());
                missing = outcome.missing().map(done -> within.apply(done, name));
            } catch (CancellationException stopped) {
                if (results.isEmpty()) {
                    throw stopped;
                }
                missing = Optional.of(index + " of " + surveys.size() + " networks");
            }
        }
        return new InTurn<>(results, List.copyOf(unreadable), missing);
    }
}
