package dev.vitrine.lens.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chosen values of settings: for every record with a setting of that name, or for one record. */
public final class SettingValues {
    /** No values chosen: the defaults apply. */
    public static final SettingValues NONE = new SettingValues(List.of());

    /** @param owner id of the only record it applies to */
    private record Chosen(Optional<String> owner, String name, Object value) {}

    private final List<Chosen> chosen;

    private SettingValues(List<Chosen> chosen) {
        this.chosen = chosen;
    }

    /** For every record with a setting of this name. */
    public SettingValues with(String name, Object value) {
        return with(new Chosen(Optional.empty(), name, value));
    }

    /** For one record; takes precedence over a value for all. */
    public SettingValues with(String owner, String name, Object value) {
        return with(new Chosen(Optional.of(owner), name, value));
    }

    private SettingValues with(Chosen added) {
        List<Chosen> all = new ArrayList<>(chosen);
        all.add(added);
        return new SettingValues(List.copyOf(all));
    }

    /** The record with the values that apply to it; if a setting is given several times, the last wins. */
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
