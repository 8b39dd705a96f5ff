package dev.vitrine.app;

import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.ClassActivationMap;
import dev.vitrine.lens.attribution.GuidedGradCam;
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
final class MethodsCommand implements Callable<Integer> {
    private final Terminal terminal;

    MethodsCommand(Terminal terminal) {
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
            terminal.out().println(" ".repeat(id + 2) + made(entry.make().apply(Attributions.Options.DEFAULT)));
        }
        return 0;
    }

    private static String made(Attribution method) {
        List<String> parts = new ArrayList<>();
        parts.add(
                switch (method.form()) {
                    case PIXELS -> "each pixel";
                    case MAP -> "each place of a layer";
                });
        if (method instanceof ClassActivationMap || method instanceof GuidedGradCam) {
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
}
