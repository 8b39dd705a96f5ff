package dev.vitrine.app.setting;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The settings of all records in a list from which the user chooses one; one option per setting.
 *
 * @param <T> common type of the records
 */
@Command
public final class ListedOptions<T> implements DerivedOptions {
    private static final String SEED = "seed";

    private final List<T> all;
    private final Function<T, String> id;
    private CommandSpec command;

    public ListedOptions(List<T> all, Function<T, String> id) {
        this.all = all;
        this.id = id;
    }

    @Override
    public void declare(CommandSpec wanting) {
        command = wanting;
        Set<String> declared = new LinkedHashSet<>();
        for (T choice : all) {
            ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                    .heading("%nSettings of " + id.apply(choice) + ":%n")
                    .exclusive(false)
                    .validate(false);
            List<DeclaredSetting> added = settings(choice).stream()
                    .filter(setting -> declared.add(setting.name()))
                    .toList();
            added.forEach(setting -> group.addArg(option(setting)));
            if (!added.isEmpty()) {
                wanting.addArgGroup(group.build());
            }
        }
    }

    private static List<DeclaredSetting> settings(Object choice) {
        return Settings.of(choice.getClass()).stream()
                .filter(DeclaredSetting::isText)
                .toList();
    }

    /** The description covers every choice that has the setting. */
    private OptionSpec option(DeclaredSetting setting) {
        String description = all.stream()
                .flatMap(choice -> Settings.find(choice.getClass(), setting.name()).stream()
                        .map(own -> Character.toUpperCase(own.meaning().charAt(0))
                                + own.meaning().substring(1) + ". Default: "
                                + own.text(choice).orElse(own.otherwise()) + "."))
                .distinct()
                .collect(Collectors.joining(" Or: "));
        return OptionSpec.builder("--" + setting.name())
                .type(String.class)
                .paramLabel(setting.label())
                .description(description)
                .build();
    }

    /**
     * A choice with the given settings; a usage error if a setting belongs only to others. All accept a seed, since a
     * choice without randomness gives the same result for every seed.
     */
    public T onto(T chosen) {
        return onto(chosen, Map.of());
    }

    /** The text given for a setting. */
    public Optional<String> given(String name) {
        return Optional.ofNullable(command.commandLine().getParseResult().matchedOptionValue("--" + name, null));
    }

    /**
     * As {@link #onto(Object)}.
     *
     * @param instead texts of settings in place of those given
     */
    public T onto(T chosen, Map<String, String> instead) {
        T result = chosen;
        for (String name : all.stream()
                .flatMap(choice -> settings(choice).stream().map(DeclaredSetting::name))
                .distinct()
                .toList()) {
            Optional<String> text = Optional.ofNullable(instead.get(name)).or(() -> given(name));
            Optional<DeclaredSetting> own = Settings.find(chosen.getClass(), name);
            if (text.isPresent() && own.isEmpty() && !name.equals(SEED)) {
                throw VitrineException.usage("--" + name + ": '" + id.apply(chosen)
                        + "' has no such setting; it belongs to "
                        + all.stream()
                                .filter(other ->
                                        Settings.find(other.getClass(), name).isPresent())
                                .map(id)
                                .collect(Collectors.joining(", "))
                        + ".");
            }
            if (text.isPresent() && own.isPresent()) {
                result = with(result, own.get(), text.get(), chosen);
            }
        }
        return result;
    }

    private T with(T result, DeclaredSetting setting, String text, T standard) {
        String option = "--" + setting.name();
        Object value = setting.parse(option, text, setting.text(standard));
        try {
            return Settings.with(result, setting.name(), value);
        } catch (IllegalArgumentException together) {
            throw VitrineException.usage(option + " " + text + ": " + together.getMessage() + ".");
        }
    }
}
