package dev.vitrine.app.cue;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.study.cue.ConflictReport;
import dev.vitrine.study.cue.ConflictStudy;
import dev.vitrine.study.cue.CuePair;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine cue-conflict}: pictures with the shape of one class and the texture of another. */
@Command(
        name = "cue-conflict",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes pictures with the shape of one class and the texture of another.",
        description = {
            "%nRenders pictures of shapes in the style of pictures of textures, as in Geirhos et al. 2019, for 'vitrine"
                    + " shape-bias'. The folder of a picture, or its name without numbers, is its class. A picture counts"
                    + " only if it carries both: Gram matrices nearer to the texture's by half, and edges where the shape"
                    + " has them. Writes them (pictures/SHAPE-TEXTURE.png), a sheet, and the measures"
                    + " (cue-conflict.json). After Ctrl-C the same command resumes.%n",
            "  vitrine cue-conflict --shapes shapes/ --textures textures/ --model net.onnx --count 80%n"
        })
public final class CueConflictCommand implements Callable<Integer> {
    @Option(
            names = "--shapes",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures of shapes, as CLASS/NAME.jpg or CLASS1.jpg; best on a plain background.")
    private Path shapes;

    @Option(
            names = "--textures",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures of textures, named in the same way; best filled by the texture.")
    private Path textures;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum number of pictures, spread over the pairs of classes. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of the choice of pairs and of the transfer. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "cue-conflict",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private SettingOptions<StyleTransfer> settings = new SettingOptions<>(StyleTransfer.STYLE);

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public CueConflictCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeast(1, "--count", count);
        StyleTransfer method = settings.chosen();
        try (PictureSource ofShapes = OpenSource.of(shapes, terminal);
                PictureSource ofTextures = OpenSource.of(textures, terminal)) {
            List<CuePair> pairs = CuePair.of(ofShapes, ofTextures, count, seed);
            try (OpenModel open = models.open(terminal, stop);
                    Claim claim = OutputFolder.take(out, terminal)) {
                Model model = open.model();
                StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                        List.of(model.anatomy().content()), model.anatomy().textures());
                ConflictStudy study = new ConflictStudy(model, ofShapes, ofTextures, pairs, layers, method, seed);
                return new StudyRun(terminal, stop, out)
                        .of(open.session(), study, outcome -> new ConflictReport(study, outcome, ModelFacts.of(model)));
            }
        }
    }
}
