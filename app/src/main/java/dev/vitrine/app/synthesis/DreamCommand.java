package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.visualization.DeepDream;
import dev.vitrine.lens.visualization.Stages;
import dev.vitrine.lens.visualization.Synthesis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine dream}: what a network half sees in a picture, drawn into it. */
@Command(
        name = "dream",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "DeepDream: draws into a picture what a layer or channel half sees there.",
        description = {
            "%nThe network need not run on the picture's size up to its end, only up to the layer. The small network"
                    + " that comes with the program dreams of its 32 classes; one of a thousand classes, by --model, of more.%n",
            "  vitrine dream clouds.jpg",
            "  vitrine dream clouds.jpg --model net.onnx --layer conv5 --octaves 5 --size 800",
            "  vitrine dream clouds.jpg --model net.onnx --unit conv5:12%n"
        })
public final class DreamCommand implements Callable<Integer> {
    private static final int LONGEST = 1024;

    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            description = "Layer whose mean square grows; several with commas. Default: the last layer before the"
                    + " smallest maps.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--unit",
            paramLabel = "LAYER:CHANNEL[,ROW,COLUMN]",
            description = "A channel or neuron that grows, in place of whole layers; may be repeated.")
    private List<String> units = new ArrayList<>();

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<DeepDream> settings = new SettingOptions<>(DeepDream.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public DreamCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Picture whole = PictureReader.read(image);
        DeepDream method = settings.chosen();
        try (OpenModel open = models.openAtOwnSize(terminal, stop);
                Claim claim = synthesis.take("dream", terminal)) {
            Model model = open.model();
            ShortNames.ofUnits(units, model, terminal);
            ShortNames.ofLayers(layers, model, terminal);
            Picture picture = models.fitted(whole, Math.min(LONGEST, Math.max(whole.width(), whole.height())));
            Objective objective = objective(model);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("dream"),
                    open.session(),
                    terminal,
                    image.getFileName() + " dreamt by " + model.name(),
                    "What does the network half see in this picture?");
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin("dreaming", 1);
            Synthesis made;
            try {
                made = method.run(open.session(), picture, objective, synthesis.seed(), progress);
            } finally {
                progress.end();
            }
            Map<String, String> options = new LinkedHashMap<>(method.options());
            options.put("size", picture.width() + "x" + picture.height());
            options.put("seed", Long.toString(synthesis.seed()));
            String name = image.getFileName().toString();
            Provenance provenance = new Provenance(model.name(), name, objective.description(), "deep-dream", options);
            folder.add(
                    new SynthesisFolder.Made(
                            "original",
                            name,
                            picture,
                            provenance,
                            Map.of("network says", folder.said(picture)),
                            List.of()),
                    Optional.empty());
            folder.add(
                    new SynthesisFolder.Made(
                            "dream",
                            objective.description(),
                            made.picture(0),
                            provenance,
                            Map.of("network says", folder.said(made.picture(0))),
                            made.course().scores()),
                    Optional.empty());
            folder.finish("");
            return 0;
        }
    }

    private Objective objective(Model model) {
        if (!units.isEmpty() && !layers.isEmpty()) {
            throw VitrineException.usage("Found --unit beside --layer; expected one or the other.");
        }
        if (!units.isEmpty()) {
            List<Objective> all = new ArrayList<>();
            units.forEach(unit -> all.add(ObjectiveOptions.unit(model, unit)));
            return all.size() == 1 ? all.get(0) : WeightedSum.of(all);
        }
        List<Value> chosen = SynthesisOptions.layers(layers, model, List.of(Stages.content(model)));
        List<Objective> all = new ArrayList<>();
        chosen.forEach(layer -> all.add(new MeanSquare(layer)));
        return all.size() == 1 ? all.get(0) : WeightedSum.of(all);
    }
}
