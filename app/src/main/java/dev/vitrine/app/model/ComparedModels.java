package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** Models that are open until this is closed. */
    public record Opened(List<OpenModel> models) implements AutoCloseable {
        /** The session of one of the models. */
        public ModelSession session(Model wanted) {
            return models.stream()
                    .filter(model -> model.model().equals(wanted))
                    .findFirst()
                    .orElseThrow()
                    .session();
        }

        @Override
        public void close() {
            models.forEach(OpenModel::close);
        }
    }

    /** Opens the models in the order of the command line. */
    public Opened open(Terminal terminal, Stop stop) {
        List<NamedModel> chosen = named.isEmpty()
                ? List.of(NamedModel.usual(terminal))
                : named.stream()
                        .map(model -> NamedModel.of(model, terminal, stop))
                        .toList();
        Opened opened = new Opened(new ArrayList<>());
        try {
            chosen.forEach(model -> opened.models().add(card.open(model, terminal, stop)));
            return opened;
        } catch (RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }
}
