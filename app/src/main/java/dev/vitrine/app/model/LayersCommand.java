package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.network.NetworkLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine layers}: a table of a network's layers. */
@Command(
        name = "layers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lists the layers of a network by the names that other commands accept.",
        description = {
            "%nA layer can be given by its name, by its short name, which depends only on the file, or by a unique"
                    + " part of"
                    + " its name.",
            "%nfield: receptive field in pixels of the picture (height × width); stride: distance between the receptive"
                    + " fields of neighboring positions. explain: 'map' where class activation maps can be drawn"
                    + " (--layer), 'unit' where its channels and neurons can be explained (--unit); '*' marks the layer"
                    + " that class activation maps use by default.%n",
            "  vitrine layers",
            "  vitrine layers net.onnx --json%n"
        })
public final class LayersCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL]",
            arity = "0..1",
            hideParamSyntax = true,
            description = "The network (instead of --model).")
    private List<String> words = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public LayersCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        models.after(words, 0);
        try (OpenModel open = models.openForTensor(terminal, stop, (card, type) -> card)) {
            NetworkLayers layers = NetworkLayers.of(open.model());
            if (json) {
                terminal.pages().println(StudyJson.text(layers).stripTrailing());
                return 0;
            }
            Overview overview = layers.overview();
            Table.of(overview.table()).lines(terminal.columns()).forEach(terminal.out()::println);
            overview.after().forEach(terminal.out()::println);
            terminal.out()
                    .println("output '" + layers.output() + "': "
                            + open.model().head().summary());
            return 0;
        }
    }
}
