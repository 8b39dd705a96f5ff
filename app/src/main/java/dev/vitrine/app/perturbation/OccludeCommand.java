package dev.vitrine.app.perturbation;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.occlusion.OcclusionReport;
import dev.vitrine.study.occlusion.OcclusionStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine occlude}: the network's prediction with each part of a picture occluded. */
@Command(
        name = "occlude",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Slides an occluder over a picture and maps how the prediction changes.",
        description = {
            "%nThe maps of Zeiler and Fergus 2014, figure 7, for an occluder at each position: the probability of the"
                    + " class,"
                    + " the most likely class, and the activation of the feature map that is strongest on the"
                    + " picture, with"
                    + " that feature map and its deconvnet projection. Writes each map and a sheet of all"
                    + " (PNG), one page (index.html), a summary (summary.json) and every number (occlusion.json). After"
                    + " Ctrl-C the same command resumes.%n",
            "  vitrine occlude cat.jpg",
            "  vitrine occlude photos/ --model net.onnx --target tabby --layer conv5 --window 32 --out cats%n"
        })
public final class OccludeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain: index, name, or a part of the name. Default: the"
                    + " top-1 class of each picture.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer of the feature map; see 'vitrine layers'. Default: the last with height and width"
                    + " before the head.")
    private Optional<String> layer;

    @Mixin
    private CoverOptions cover;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "occlusion",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private SettingOptions<OcclusionStudy.Settings> settings = new SettingOptions<>(OcclusionStudy.Settings.USUAL);

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public OccludeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        OcclusionStudy.Settings chosen = settings.chosen();
        try (PicturePaths pictures = OpenSource.of(images, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(layer.stream().toList(), model, terminal);
            Value maps = layer.map(model.anatomy()::find).orElseGet(() -> OcclusionStudy.usualLayer(model));
            OcclusionStudy study = new OcclusionStudy(
                    model, pictures, chosen.on(model, cover.of(model)), maps, TargetWords.parseOne(targets, model));
            StudyRun run = new StudyRun(terminal, stop, out);
            OcclusionReport report =
                    new OcclusionReport(open.session(), study, ModelFacts.of(model, Map.of()), run.watcher());
            return run.of(
                    open.session(),
                    study,
                    report,
                    found -> report.overview(found)
                            .forEach(line -> terminal.out().println("  " + line)));
        }
    }
}
