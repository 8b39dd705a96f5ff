package dev.vitrine.app.embedding;

import dev.vitrine.app.setting.DerivedOptions;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of all embedding methods, and the method that was chosen. */
@Command
final class LayoutOptions implements DerivedOptions {
    private CommandSpec command;

    @Override
    public void declare(CommandSpec wanting) {
        command = wanting;
        Set<String> declared = new LinkedHashSet<>();
        for (Layout layout : Layouts.ALL) {
            ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                    .heading("%nSettings of " + layout.id() + ":%n")
                    .exclusive(false)
                    .validate(false);
            Settings.of(layout.getClass()).stream()
                    .filter(setting -> declared.add(setting.name()))
                    .forEach(setting -> group.addArg(option(setting)));
            wanting.addArgGroup(group.build());
        }
    }

    /** Its description covers each method that has it. */
    private static OptionSpec option(DeclaredSetting setting) {
        String description = Layouts.ALL.stream()
                .flatMap(layout -> Settings.find(layout.getClass(), setting.name()).stream()
                        .map(own -> Character.toUpperCase(own.meaning().charAt(0))
                                + own.meaning().substring(1) + ". Default: "
                                + own.text(layout).orElse(own.otherwise()) + "."))
                .distinct()
                .collect(Collectors.joining(" Or: "));
        return OptionSpec.builder("--" + setting.name())
                .type(String.class)
                .paramLabel(setting.label())
                .description(description)
                .build();
    }

    /** The method with the given settings; a usage error if a setting belongs to another method. */
    Layout chosen(String id) {
        Layout chosen = Layouts.find(id);
        for (Layout layout : Layouts.ALL) {
            for (DeclaredSetting setting : Settings.of(layout.getClass())) {
                Optional<String> text = Optional.ofNullable(
                        command.commandLine().getParseResult().matchedOptionValue("--" + setting.name(), null));
                if (text.isEmpty()) {
                    continue;
                }
                if (Settings.find(chosen.getClass(), setting.name()).isEmpty()) {
                    throw VitrineException.usage("--" + setting.name() + ": '" + id
                            + "' has no such setting; it is one of "
                            + Layouts.ALL.stream()
                                    .filter(other -> Settings.find(other.getClass(), setting.name())
                                            .isPresent())
                                    .map(Layout::id)
                                    .collect(Collectors.joining(", "))
                            + ".");
                }
                if (layout.getClass() == chosen.getClass()) {
                    chosen = Settings.with(
                            chosen,
                            setting.name(),
                            setting.parse("--" + setting.name(), text.get(), setting.text(layout)));
                }
            }
        }
        return chosen;
    }
}
