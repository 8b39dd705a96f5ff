package dev.vitrine.lens.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values that people chose for settings: for all records that have a setting of that name, or for one of them. */
public final class SettingValues {
    /** Nothing is chosen: the standard values hold. */
    public static final SettingValues NONE = new SettingValues(List.of());

    /** @param owner id of the only one that it is meant for */
    private record Chosen(Optional<String> owner, String name, Object value) {}

    private final List<Chosen> chosen;

    private SettingValues(List<Chosen> chosen) {
        this.chosen = chosen;
    }

    /** For all that have a setting of this name. */
    public SettingValues with(String name, Object value) {
        return with(new Chosen(Optional.empty(), name, value));
    }

    /** For one of them; stronger than a value for all. */
    public SettingValues with(String owner, String name, Object value) {
        return with(new Chosen(Optional.of(owner), name, value));
    }

    private SettingValues with(Chosen added) {
        List<Chosen> all = new ArrayList<>(chosen);
        all.add(added);
        return new SettingValues(List.copyOf(all));
    }

    /** The record with the values that are meant for it; of several for one setting, the last. */
    public <T> T on(String id, T settings) {
        return chosen(chosen(settings, Optional.empty()), Optional.of(id));
    }

    private <T> T chosen(T settings, Optional<String> owner) {
        T result = settings;
        for (Chosen one : chosen) {
            if (one.owner().equals(owner)
                    && Settings.find(settings.getClass(), one.name()).isPresent()) {
                result = Settings.with(result, one.name(), one.value());
            }
        }
        return result;
    }
}
