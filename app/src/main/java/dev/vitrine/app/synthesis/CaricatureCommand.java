package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.Caricature;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.study.Stems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine caricature}: what layers make of a picture, exaggerated. */
@Command(
        name = "caricature",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Exaggerates what layers of a network find in a picture.",
        description = {
            "%nBegins with noise and makes a picture that holds more of all that a layer finds in the given one, in the"
                    + " same proportions. One picture a layer.%n",
            "  vitrine caricature cat.jpg",
            "  vitrine caricature cat.jpg --model net.onnx --layer conv3,conv5%n"
        })
public final class CaricatureCommand implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            description = "Layers with commas between them. Default: the last of each size of maps.")
    private List<String> layers = new ArrayList<>();

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<Caricature> settings = new SettingOptions<>(Caricature.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public CaricatureCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Picture whole = PictureReader.read(image);
        Caricature method = settings.chosen();
        try (OpenModel open = models.openAtOwnSize(terminal, stop);
                Claim claim = synthesis.take("caricature", terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(layers, model, terminal);
            List<Value> chosen =
                    SynthesisOptions.layers(layers, model, model.anatomy().scales());
            int longest = Math.max(
                    model.preprocessing().width(), model.preprocessing().height());
            Picture picture = models.fitted(whole, longest);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("caricature"),
                    open.session(),
                    terminal,
                    image.getFileName() + " exaggerated by " + model.name(),
                    "What does each layer find in this picture, and how much of it?");
            ProgressLine progress = new ProgressLine(terminal, chosen.size());
            try {
                for (Value layer : chosen) {
                    stop.check();
                    progress.begin(layer.name(), 1);
                    Synthesis made = method.run(open.session(), picture, layer, synthesis.seed(), progress);
                    progress.end();
                    folder.add(made(model, folder, method, layer, made), Optional.empty());
                }
            } catch (CancellationException stopped) {
                progress.end();
                folder.finish("stopped before the end");
                throw stopped;
            } finally {
                progress.end();
            }
            folder.finish("");
            return 0;
        }
    }

    private SynthesisFolder.Made made(
            Model model, SynthesisFolder folder, Caricature method, Value layer, Synthesis made) {
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("layer", layer.name());
        options.put("seed", Long.toString(synthesis.seed()));
        Provenance provenance =
                new Provenance(model.name(), image.getFileName().toString(), "all of " + layer, "caricature", options);
        return new SynthesisFolder.Made(
                Stems.slug(layer.name()),
                layer.name(),
                made.picture(0),
                provenance,
                Map.of("network says", folder.said(made.picture(0))),
                made.course().scores());
    }
}
