package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ComparedModels;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.map.MapReport;
import dev.vitrine.study.map.MapStudy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine map}: pictures laid out by the activations of layers, as a page. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lays pictures out by the activations of layers.",
        description = {
            "%nWrites a page on which to walk (index.html), the map for print (map.png, map.svg), its coordinates (map.csv"
                    + " and one .npy per layer), and by which properties each layer groups the pictures (map.json).%n",
            "  vitrine map --model net.onnx --data photos.zip --layer conv5 --method tsne",
            "  vitrine map --model mnist-cnn --data digits.gz --layer conv1,conv2 --color slant",
            "  vitrine map --model epoch-1.onnx --model epoch-9.onnx --data photos.zip --layer conv5%n"
        })
public final class MapCommand implements Callable<Integer> {
    @Mixin
    private MapOptions options;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "map",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ComparedModels models;

    private final Terminal terminal;
    private final Stop stop;

    public MapCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        try (PictureSource source = OpenSource.of(options.data(), terminal);
                ComparedModels.Opened open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            MapStudy study = options.of(
                    open.models().stream().map(OpenModel::model).toList(), source, out.resolve("codes"), terminal);
            Map<String, String> facts = ModelFacts.of(
                    open.models().get(0).model(),
                    Map.of("method", study.layout().id(), "networks", String.join(", ", study.names())));
            return new StudyRun(terminal, stop, out)
                    .of(open::session, study, outcome -> new MapReport(outcome, source, options.color(outcome), facts));
        }
    }
}
