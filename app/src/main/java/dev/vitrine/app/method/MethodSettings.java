package dev.vitrine.app.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of all methods by name, as options of the command line. */
final class MethodSettings {
    /** Maximum number of methods that the help lists by name. */
    private static final int NAMED = 4;

    private static final String BASELINE_WORDS =
            "One of black, gray, white, a color as #rrggbb, zero or another number in the network's own units, mean"
                    + " (the"
                    + " picture's mean color), blur, noise, or an .npy file in the shape of the model's input.";

    /** A setting as one method has it. */
    record Owned(Attributions.Entry owner, DeclaredSetting setting) {
        String standard() {
            return setting.otherwise().isEmpty()
                    ? setting.text(owner.standard()).orElse("")
                    : setting.otherwise();
        }
    }

    static final Map<String, List<Owned>> ALL = all();

    private MethodSettings() {}

    private static Map<String, List<Owned>> all() {
        Map<String, List<Owned>> all = new LinkedHashMap<>();
        for (Attributions.Entry entry : Attributions.ALL) {
            for (DeclaredSetting setting : Settings.of(entry.standard().getClass())) {
                all.computeIfAbsent(setting.name(), absent -> new ArrayList<>()).add(new Owned(entry, setting));
            }
        }
        return all;
    }

    /** The setting of one method, or a usage error that lists those it has. */
    static DeclaredSetting find(Attributions.Entry entry, String name) {
        return Settings.find(entry.standard().getClass(), name)
                .orElseThrow(() -> VitrineException.usage("Method " + entry.id() + " has no setting '" + name + "'. "
                        + (Settings.of(entry.standard().getClass()).isEmpty()
                                ? "It has none."
                                : "It has: "
                                        + Settings.of(entry.standard().getClass()).stream()
                                                .map(DeclaredSetting::name)
                                                .collect(Collectors.joining(", "))
                                        + ".")));
    }

    static OptionSpec option(String name, List<Owned> owned) {
        String[] names = name.equals("baseline") ? new String[] {"--baseline", "--value"} : new String[] {"--" + name};
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(owned.get(0).setting().label())
                .description(description(owned))
                .build();
    }

    /** {@code Random masks (rise: 4000, d-rise: 5000); perturbed pictures (lime: 1000).} */
    private static String description(List<Owned> owned) {
        List<String> standards = owned.stream().map(Owned::standard).distinct().toList();
        boolean one = standards.size() == 1;
        Map<String, List<Owned>> meanings = owned.stream()
                .collect(Collectors.groupingBy(
                        each -> each.setting().meaning(), LinkedHashMap::new, Collectors.toList()));
        String meaning = meanings.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + owners(entry.getValue(), one) + ")")
                .collect(Collectors.joining("; "));
        return capitalized(meaning) + "." + choices(owned.get(0).setting())
                + (one ? " Default: " + standards.get(0) + "." : "");
    }

    private static String owners(List<Owned> owned, boolean bare) {
        Map<String, List<String>> byStandard = owned.stream()
                .collect(Collectors.groupingBy(
                        each -> bare ? "" : each.standard(),
                        LinkedHashMap::new,
                        Collectors.mapping(each -> each.owner().id(), Collectors.toList())));
        return byStandard.entrySet().stream()
                .map(entry -> listed(entry.getValue()) + (bare ? "" : ": " + entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String listed(List<String> ids) {
        return ids.size() <= NAMED
                ? String.join(", ", ids)
                : String.join(", ", ids.subList(0, NAMED - 1)) + " and " + (ids.size() - NAMED + 1) + " others";
    }

    private static String choices(DeclaredSetting setting) {
        if (setting.type() == Baseline.class) {
            return " " + BASELINE_WORDS;
        }
        return setting.type().isEnum() ? " " + capitalized(setting.expected()) + "." : "";
    }

    private static String capitalized(String phrase) {
        return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1);
    }
}
