package dev.vitrine.app.method;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.DerivedOptions;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.SettingValues;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Hyper-parameters of methods; each method reads what applies to it. */
public final class MethodOptions implements DerivedOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--set",
            paramLabel = "METHOD.SETTING=VALUE",
            description = "Setting of a single method, such as --set rise.samples=500; overrides the plain option.")
    private List<String> set = List.of();

    @Override
    public void declare(CommandSpec wanting) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading("%nSettings of methods:%n")
                .exclusive(false)
                .validate(false);
        MethodSettings.ALL.forEach((name, owned) -> group.addArg(MethodSettings.option(name, owned)));
        wanting.addArgGroup(group.build());
    }

    public long seed() {
        return given("seed").map(text -> (long) parsed("seed", text)).orElse(0L);
    }

    /**
     * Validated settings for a model, with fixed quadrature nodes for integrated gradients, which other programs can
     * reproduce.
     */
    public SettingValues on(Model model) {
        return on(model, SettingValues.NONE);
    }

    /** Validated settings for a model, with quadrature nodes adapted to the picture. */
    public SettingValues forPictures(Model model) {
        return on(model, SettingValues.NONE.with("quadrature", Quadrature.ADAPTIVE));
    }

    private SettingValues on(Model model, SettingValues usual) {
        SettingValues values = usual;
        for (String name : MethodSettings.ALL.keySet()) {
            Optional<String> text = given(name);
            if (text.isPresent()) {
                values = values.with(name, value(name, text.get(), model));
            }
        }
        for (String assignment : set) {
            Assignment one = Assignment.parse(assignment);
            Object value = special(one.setting(), one.text(), model)
                    .orElseGet(() -> one.setting()
                            .parse(
                                    "--set " + one.words(),
                                    one.text(),
                                    one.setting().text(one.owner().standard())));
            values = values.with(one.owner().id(), one.setting().name(), value);
        }
        return values;
    }

    /** One {@code --set}. */
    private record Assignment(Attributions.Entry owner, DeclaredSetting setting, String text) {
        static Assignment parse(String words) {
            int equals = words.indexOf('=');
            int dot = words.indexOf('.');
            if (dot < 1 || equals < dot) {
                throw VitrineException.usage(
                        "--set " + words + ": expected METHOD.SETTING=VALUE, such as rise.samples=500.");
            }
            Attributions.Entry owner = Attributions.find(words.substring(0, dot));
            return new Assignment(
                    owner,
                    MethodSettings.find(owner, words.substring(dot + 1, equals).strip()),
                    words.substring(equals + 1));
        }

        String words() {
            return owner.id() + "." + setting.name();
        }
    }

    private Object value(String name, String text, Model model) {
        return special(MethodSettings.ALL.get(name).get(0).setting(), text, model)
                .orElseGet(() -> parsed(name, text));
    }

    private static Object parsed(String name, String text) {
        MethodSettings.Owned owned = MethodSettings.ALL.get(name).get(0);
        return owned.setting()
                .parse("--" + name, text, owned.setting().text(owned.owner().standard()));
    }

    /** Settings that depend on the model. */
    private Optional<Object> special(DeclaredSetting setting, String text, Model model) {
        if (setting.type() == Baseline.class) {
            return Optional.of(Baselines.parse(text, model, seed()));
        }
        return setting.name().equals("layer")
                ? Optional.of(model.anatomy().find(text).name())
                : Optional.empty();
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(command.commandLine().getParseResult().matchedOptionValue("--" + name, null));
    }

    /** Whether the option of this name was given. */
    public boolean isGiven(String name) {
        return command.commandLine().getParseResult().hasMatchedOption("--" + name);
    }

    /** Reports the layer of the class activation maps of a unit if none was given, since it depends on the unit. */
    public void noteLayer(List<Attribution> settled, Objective objective, Terminal terminal) {
        if (objective.layers().isEmpty() || isGiven("layer")) {
            return;
        }
        settled.stream()
                .map(method -> Optional.ofNullable(method.options().get("layer")))
                .flatMap(Optional::stream)
                .distinct()
                .forEach(layer -> terminal.err()
                        .println("note: class activation maps of " + objective.description() + " are drawn at '" + layer
                                + "', the last layer with height and width at or before it."));
    }

    /** Reports given options that none of the methods uses, and the layers that short names stand for. */
    public void noteUnused(List<Attribution> methods, Model model, Terminal terminal) {
        ShortNames.ofLayers(given("layer").stream().toList(), model, terminal);
        Set<String> read = new TreeSet<>();
        methods.forEach(method -> read.addAll(method.optionsOn(model).keySet()));
        for (String name : MethodSettings.ALL.keySet()) {
            if (isGiven(name) && !read.contains(name)) {
                terminal.err()
                        .println("note: --" + name + " was not used: "
                                + (methods.size() == 1
                                        ? "the method " + methods.get(0).id() + " has"
                                        : "the methods have")
                                + " no such option.");
            }
        }
        for (String assignment : set) {
            Assignment one = Assignment.parse(assignment);
            if (methods.stream()
                    .noneMatch(method -> method.id().equals(one.owner().id()))) {
                terminal.err()
                        .println("note: --set " + one.words() + "=" + one.text() + " was not used: "
                                + one.owner().id() + " is not among the methods.");
            }
        }
    }
}
