package dev.vitrine.app.method;

import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.method.Attributions;
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

    /** With the defaults of {@code explain}. */
    private static String made(Attributions.Entry entry) {
        Attribution method = entry.make().apply(Attributions.Options.DEFAULT.withQuadrature(Quadrature.ADAPTIVE));
        List<String> parts = new ArrayList<>();
        parts.add(
                switch (method.form()) {
                    case PIXELS -> "each pixel";
                    case MAP -> takesLayer(entry) ? "each place of a layer" : "each place";
                });
        if (takesLayer(entry)) {
            parts.add("--layer NAME");
        }
        method.options().forEach((name, value) -> {
            if (MethodOptions.NAMES.contains(name)) {
                parts.add("--" + name + " " + value);
            } else {
                parts.add(name + " " + value);
            }
        });
        return String.join(", ", parts);
    }

    private static boolean takesLayer(Attributions.Entry entry) {
        return entry.make()
                .apply(Attributions.Options.DEFAULT.withLayer("any"))
                .options()
                .containsKey("layer");
    }
}
