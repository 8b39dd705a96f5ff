package dev.vitrine.app.method;

import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.SettingValues;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code vitrine methods}: the list of methods. */
@Command(
        name = "methods",
        mixinStandardHelpOptions = true,
        header = "Lists the methods: id, the question that it answers, options.")
public final class MethodsCommand implements Callable<Integer> {
    /** As in {@code explain}. */
    private static final SettingValues SHOWN = SettingValues.NONE.with("quadrature", Quadrature.ADAPTIVE);

    private final Terminal terminal;

    public MethodsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int id = Attributions.ALL.stream()
                .mapToInt(entry -> entry.id().length())
                .max()
                .orElse(0);
        for (Attributions.Entry entry : Attributions.ALL) {
            terminal.out().println(Table.padded(entry.id(), id) + "  " + entry.answers());
            terminal.out().println(" ".repeat(id + 2) + made(entry));
        }
        return 0;
    }

    private static String made(Attributions.Entry entry) {
        List<String> parts = new ArrayList<>();
        boolean layer = Settings.find(entry.standard().getClass(), "layer").isPresent();
        parts.add(
                switch (entry.standard().form()) {
                    case PIXELS -> "each pixel";
                    case MAP -> layer ? "each place of a layer" : "each place";
                });
        for (DeclaredSetting setting : Settings.of(entry.standard().getClass())) {
            parts.add("--" + setting.name() + " "
                    + setting.text(SHOWN.on(entry.id(), entry.standard())).orElse(setting.label()));
        }
        return String.join(", ", parts);
    }
}
