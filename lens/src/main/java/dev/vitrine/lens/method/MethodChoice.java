package dev.vitrine.lens.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.SettingValues;
import java.util.List;
import java.util.stream.Stream;

/**
 * Methods with their settings.
 *
 * @param values of all of them
 */
public record MethodChoice(List<Attributions.Entry> entries, SettingValues values, Impossible impossible) {
    /** What becomes of methods that a model does not allow. */
    public enum Impossible {
        /** Each was asked for: not to have it is a failure. */
        FAILS,
        /** They came with a list, and are left out. */
        IS_LEFT_OUT
    }

    public MethodChoice {
        entries = List.copyOf(entries);
    }

    public boolean isLenient() {
        return impossible == Impossible.IS_LEFT_OUT;
    }

    public Attribution method(Attributions.Entry entry) {
        return entry.with(values);
    }

    /** Those that are worth a try. */
    public List<Attributions.Entry> on(Model model) {
        return entries.stream()
                .filter(entry -> !isLenient() || method(entry).isFor(model))
                .toList();
    }

    /** Those that can be made for an objective, as far as is known before anything runs. */
    public List<Attribution> settled(Model model, Objective objective) {
        return on(model).stream()
                .flatMap(entry -> settled(entry, model, objective))
                .toList();
    }

    private Stream<Attribution> settled(Attributions.Entry entry, Model model, Objective objective) {
        try {
            return Stream.of(method(entry).settled(model, objective));
        } catch (VitrineException notFor) {
            return Stream.empty();
        }
    }
}
