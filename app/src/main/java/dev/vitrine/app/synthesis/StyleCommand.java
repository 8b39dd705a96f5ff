package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Choices;
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
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.lens.visualization.optimization.Search;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine style}: one picture in the style of another. */
@Command(
        name = "style",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Paints one picture in the style of another, by what a network holds of both.",
        description = {
            "%n--size N makes the longer side of the result N pixels long (default 256). The small network"
                    + " that comes with the program knows few textures; one of a thousand classes, by --model, paints better.%n",
            "  vitrine style cat.jpg painting.jpg",
            "  vitrine style cat.jpg painting.jpg --model net.onnx --style-weight 300 --colours luminance",
            "  vitrine style cat.jpg painting.jpg --model net.onnx --optimizer lbfgs --start noise%n"
        })
public final class StyleCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONTENT", description = "The picture that is painted.")
    private Path content;

    @Parameters(index = "1", paramLabel = "STYLE", description = "The picture whose style it gets.")
    private Path style;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(
            names = "--content-layer",
            paramLabel = "LAYER",
            description = "Layers whose answer is kept, with commas between them. Default: the last before the smallest"
                    + " maps.")
    private List<String> contentLayers = new ArrayList<>();

    @Option(
            names = "--colours",
            paramLabel = "style|luminance|match",
            defaultValue = "style",
            description = "style: colours of the style picture; luminance: only lightness is painted; match: the style"
                    + " gets the content's colours first. Default: ${DEFAULT-VALUE}.")
    private StyleTransfer.Colours colours;

    @Option(
            names = "--start",
            paramLabel = "content|noise",
            defaultValue = "content",
            description = "What the first step finds. Default: ${DEFAULT-VALUE}.")
    private String start;

    @Mixin
    private StyleOptions styles;

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<StyleTransfer> settings = new SettingOptions<>(StyleTransfer.STYLE);

    private final Terminal terminal;
    private final Stop stop;

    public StyleCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Picture shown = PictureReader.read(content);
        Picture painted = PictureReader.read(style);
        try (OpenModel open = models.openAtOwnSize(terminal, stop);
                Claim claim = synthesis.take("style", terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(styles.named(), model, terminal);
            ShortNames.ofLayers(contentLayers, model, terminal);
            Picture picture = models.fitted(shown, StyleOptions.LONGEST);
            Picture texture = models.fitted(painted, StyleOptions.LONGEST);
            StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                    SynthesisOptions.layers(
                            contentLayers, model, List.of(model.anatomy().content())),
                    styles.styleLayers(model));
            StyleTransfer method = styles.onto(settings.chosen(), colours);
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("style"),
                    open.session(),
                    terminal,
                    content.getFileName() + " in the style of " + style.getFileName(),
                    "What is the content of one picture in the textures of another?");
            Frames frames = new Frames(method.steps());
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin("painting", 1);
            Synthesis made;
            try {
                made = method.run(
                        open.session(),
                        picture,
                        texture,
                        layers,
                        start(picture),
                        synthesis.seed(),
                        styles.isAnimated() ? frames : Search.Watch.NONE,
                        progress);
            } finally {
                progress.end();
            }
            Provenance provenance = provenance(model, method, layers, picture);
            folder.add(given("content", content, picture, provenance), Optional.empty());
            folder.add(given("style", style, texture, provenance), Optional.empty());
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("loss", String.format(Locale.ROOT, "%.5g", -made.scores().get(0)));
            facts.put("network says", folder.said(made.picture(0)));
            folder.add(
                    new SynthesisFolder.Made(
                            "painted",
                            "the content in that style",
                            made.picture(0),
                            provenance,
                            facts,
                            made.course().scores()),
                    styles.isAnimated() ? Optional.of(frames.animation(0)) : Optional.empty());
            folder.finish("");
            return 0;
        }
    }

    private static SynthesisFolder.Made given(String stem, Path file, Picture picture, Provenance provenance) {
        return new SynthesisFolder.Made(
                stem, stem + ": " + file.getFileName(), picture, provenance, Map.of(), List.of());
    }

    private Provenance provenance(Model model, StyleTransfer method, StyleTransfer.Chosen layers, Picture picture) {
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("content-layer", words(layers.content()));
        options.put("style-layer", words(layers.style()));
        options.put("colours", Choices.word(colours));
        options.put("start", start);
        options.put("size", picture.width() + "x" + picture.height());
        options.put("seed", Long.toString(synthesis.seed()));
        return new Provenance(
                model.name(),
                content.getFileName().toString(),
                "style of " + style.getFileName(),
                "style-transfer",
                options);
    }

    static String words(List<Value> layers) {
        return String.join(", ", layers.stream().map(Value::name).toList());
    }

    private Start start(Picture picture) {
        return switch (start.strip().toLowerCase(Locale.ROOT)) {
            case "content" -> new Start.Image(picture);
            case "noise" -> Start.NOISE;
            default -> throw VitrineException.usage("--start '" + start + "': expected content or noise.");
        };
    }
}
