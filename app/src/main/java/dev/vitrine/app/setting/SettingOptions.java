package dev.vitrine.app.setting;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options for the settings of one record, and the record with the given values.
 *
 * @param <T> the record
 */
@Command
public final class SettingOptions<T> implements DerivedOptions {
    private final T standard;
    private final List<String> withheld;
    private final String heading;
    private CommandSpec command;

    /**
     * @param standard the record with its default values
     * @param withheld settings without an option on this command
     */
    public SettingOptions(T standard, String... withheld) {
        this("%nSettings:%n", standard, List.of(withheld));
    }

    private SettingOptions(String heading, T standard, List<String> withheld) {
        this.heading = heading;
        this.standard = standard;
        this.withheld = withheld;
    }

    /** Options of one of several records of settings of a command. */
    public static <T> SettingOptions<T> titled(String title, T standard) {
        return new SettingOptions<>("%n" + title + ":%n", standard, List.of());
    }

    @Override
    public void declare(CommandSpec wanting) {
        command = wanting;
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder().heading(heading).exclusive(false).validate(false);
        settings().forEach(setting -> group.addArg(option(setting)));
        wanting.addArgGroup(group.build());
    }

    private List<DeclaredSetting> settings() {
        return Settings.of(standard.getClass()).stream()
                .filter(DeclaredSetting::isText)
                .filter(setting -> !withheld.contains(setting.name()))
                .toList();
    }

    private OptionSpec option(DeclaredSetting setting) {
        String meaning = setting.meaning();
        String usual = setting.otherwise().isEmpty()
                ? setting.text(standard).map(SettingOptions::shortened).orElse("none")
                : setting.otherwise();
        return OptionSpec.builder("--" + setting.name())
                .type(String.class)
                .paramLabel(setting.label())
                .description(
                        Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1) + ". Default: " + usual + ".")
                .build();
    }

    /** Rounds numbers such as 1.5/255 to three digits. */
    private static String shortened(String text) {
        return text.matches("0\\.\\d{6,}") ? String.format(Locale.ROOT, "%.3g", Double.valueOf(text)) : text;
    }

    /** A usage error if a value, or a combination of values, is not allowed. */
    public T chosen() {
        return onto(standard);
    }

    /** Whether any of the options was given. */
    public boolean areGiven() {
        return settings().stream()
                .anyMatch(setting -> command.commandLine().getParseResult().hasMatchedOption("--" + setting.name()));
    }

    /** Another record of the same type with the given values. */
    public T onto(T base) {
        T result = base;
        for (DeclaredSetting setting : settings()) {
            Optional<String> text = Optional.ofNullable(
                    command.commandLine().getParseResult().matchedOptionValue("--" + setting.name(), null));
            if (text.isPresent()) {
                Object value = setting.parse(
                        "--" + setting.name(),
                        text.get(),
                        setting.text(standard).map(SettingOptions::shortened));
                try {
                    result = Settings.with(result, setting.name(), value);
                } catch (IllegalArgumentException together) {
                    throw VitrineException.usage(
                            "--" + setting.name() + " " + text.get() + ": " + together.getMessage() + ".");
                }
            }
        }
        return result;
    }
}
