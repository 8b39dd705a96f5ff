package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One or more models, opened with the same options. */
public final class ComparedModels {
    private static final int FIRST = -2;

    @Option(
            names = {"-m", "--model"},
            order = FIRST,
            paramLabel = "FILE|NAME",
            description = "A network: an ONNX file, a bundled one (zf-caltech, mnist-cnn), or zoo:NAME. Give the option"
                    + " several times to compare networks. Default: as for 'vitrine explain'.")
    private List<Path> named = new ArrayList<>();

    @Mixin
    private CardOptions card;

    /** Opens the models in the order of the command line; the caller closes them. */
    public List<OpenModel> open(Terminal terminal, Stop stop) {
        List<NamedModel> chosen = named.isEmpty()
                ? List.of(NamedModel.usual(terminal))
                : named.stream()
                        .map(model -> NamedModel.of(model, terminal, stop))
                        .toList();
        List<OpenModel> open = new ArrayList<>();
        try {
            for (NamedModel model : chosen) {
                open.add(card.open(
                        model.file(), terminal, stop, Optional.empty(), (found, type) -> found.noted(model.notes())));
            }
            return open;
        } catch (RuntimeException failure) {
            close(open);
            throw failure;
        }
    }

    public static void close(List<OpenModel> models) {
        models.forEach(OpenModel::close);
    }
}
