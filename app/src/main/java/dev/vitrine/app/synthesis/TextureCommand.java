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
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.lens.visualization.optimization.Search;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code vitrine texture}: a new picture of the same texture. */
@Command(
        name = "texture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes a new picture with the texture of a given one, from noise.",
        description = {
            "%n--size N makes the longer side of the result N pixels long (default 256). The small network"
                    + " that comes with the program knows few textures; one of a thousand classes, by --model, weaves better.%n",
            "  vitrine texture gravel.jpg",
            "  vitrine texture gravel.jpg --model net.onnx --style-layer conv1,conv2 --steps 500%n"
        })
public final class TextureCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STYLE", description = "The picture with the texture.")
    private Path style;

    @Mixin
    private SynthesisOptions synthesis;

    @Mixin
    private StyleOptions styles;

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<StyleTransfer> settings = new SettingOptions<>(StyleTransfer.TEXTURE, "content-weight");

    private final Terminal terminal;
    private final Stop stop;

    public TextureCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Picture whole = PictureReader.read(style);
        try (OpenModel open = models.openAtOwnSize(terminal, stop);
                Claim claim = synthesis.take("texture", terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(styles.named(), model, terminal);
            Picture texture = models.fitted(whole, StyleOptions.LONGEST);
            List<Value> layers = styles.styleLayers(model);
            StyleTransfer method = styles.onto(settings.chosen(), StyleTransfer.Colours.STYLE);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("texture"),
                    open.session(),
                    terminal,
                    "The texture of " + style.getFileName(),
                    "Which pictures have the same textures for the network?");
            Frames frames = new Frames(method.steps());
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin("weaving", 1);
            Synthesis made;
            try {
                made = method.run(
                        open.session(),
                        texture,
                        texture,
                        new StyleTransfer.Chosen(List.of(), layers),
                        Start.NOISE,
                        synthesis.seed(),
                        styles.isAnimated() ? frames : Search.Watch.NONE,
                        progress);
            } finally {
                progress.end();
            }
            Map<String, String> options = new LinkedHashMap<>(method.options());
            options.put("style-layer", StyleCommand.words(layers));
            options.put("size", texture.width() + "x" + texture.height());
            options.put("seed", Long.toString(synthesis.seed()));
            String name = style.getFileName().toString();
            Provenance provenance =
                    new Provenance(model.name(), name, "texture of " + name, "texture-synthesis", options);
            folder.add(
                    new SynthesisFolder.Made("given", "given: " + name, texture, provenance, Map.of(), List.of()),
                    Optional.empty());
            folder.add(
                    new SynthesisFolder.Made(
                            "texture",
                            "another picture of that texture",
                            made.picture(0),
                            provenance,
                            Map.of(
                                    "loss",
                                    String.format(
                                            Locale.ROOT, "%.5g", -made.scores().get(0))),
                            made.course().scores()),
                    styles.isAnimated() ? Optional.of(frames.animation(0)) : Optional.empty());
            folder.finish("");
            return 0;
        }
    }
}
