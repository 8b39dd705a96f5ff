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
import dev.vitrine.lens.visualization.Inversion;
import dev.vitrine.study.Stems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine invert}: how much of a picture is left at each layer. */
@Command(
        name = "invert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes pictures that layers cannot tell from a given one: how much of it is still there?",
        description = {
            "%nOne picture a layer, all on one strip (sheet.png), with two errors each: how far the layer's answer is"
                    + " from its answer to the picture, and how far the made picture is from the picture.%n",
            "  vitrine invert cat.jpg",
            "  vitrine invert cat.jpg --model net.onnx --layer conv1,conv3,conv5 --steps 400%n"
        })
public final class InvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            description =
                    "Layers with commas between them. Default: what each convolution reads, and the class scores.")
    private List<String> layers = new ArrayList<>();

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<Inversion> settings = new SettingOptions<>(Inversion.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public InvertCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Picture whole = PictureReader.read(image);
        Inversion method = settings.chosen();
        try (OpenModel open = models.open(terminal, stop);
                Claim claim = synthesis.take("inversion", terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(layers, model, terminal);
            List<Value> chosen =
                    SynthesisOptions.layers(layers, model, model.anatomy().steps());
            Picture view = model.preprocessing().view(whole);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("inversion"),
                    open.session(),
                    terminal,
                    image.getFileName() + " from the layers of " + model.name(),
                    "How much of the picture is still there at each layer?");
            Map<String, String> options = new LinkedHashMap<>(method.options());
            options.put("seed", Long.toString(synthesis.seed()));
            folder.add(
                    new SynthesisFolder.Made(
                            "picture",
                            "the picture",
                            view,
                            provenance(model, "the picture itself", options),
                            Map.of("network says", folder.said(view)),
                            List.of()),
                    Optional.empty());
            ProgressLine progress = new ProgressLine(terminal, chosen.size());
            try {
                for (Value layer : chosen) {
                    stop.check();
                    progress.begin(layer.name(), 1);
                    Inversion.Inverted made = method.run(open.session(), view, layer, synthesis.seed(), progress);
                    progress.end();
                    folder.add(made(model, folder, options, made), Optional.empty());
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

    private Provenance provenance(Model model, String target, Map<String, String> options) {
        return new Provenance(model.name(), image.getFileName().toString(), target, "inversion", options);
    }

    private SynthesisFolder.Made made(
            Model model, SynthesisFolder folder, Map<String, String> options, Inversion.Inverted made) {
        Picture picture = made.synthesis().picture(0);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("error at the layer", String.format(Locale.ROOT, "%.3f", made.layerError()));
        facts.put("error of the picture", String.format(Locale.ROOT, "%.3f", made.pictureError()));
        facts.put("network says", folder.said(picture));
        String title = String.format(
                Locale.ROOT, "%s: layer %.2f, picture %.2f", made.layer(), made.layerError(), made.pictureError());
        return new SynthesisFolder.Made(
                Stems.slug(made.layer().name()),
                title,
                picture,
                provenance(model, "answer of " + made.layer(), options),
                facts,
                made.synthesis().course().scores());
    }
}
