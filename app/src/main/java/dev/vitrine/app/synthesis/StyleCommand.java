package dev.vitrine.app.synthesis;

import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.study.synthesis.Painting;
import dev.vitrine.study.synthesis.Painting.From;
import dev.vitrine.study.synthesis.PictureStudy;
import dev.vitrine.study.synthesis.SynthesisFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine style}: one picture in the style of another. */
@Command(
        name = "style",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Renders one picture in the style of another (neural style transfer).",
        description = {
            "%n--size N makes the longer side of the result N pixels long (default 256). The bundled"
                    + " network has learned few textures; a network with a thousand classes (--model) gives better"
                    + " results.%n",
            "  vitrine style cat.jpg painting.jpg",
            "  vitrine style cat.jpg painting.jpg --model net.onnx --style-weight 300 --colors luminance",
            "  vitrine style cat.jpg painting.jpg --model net.onnx --optimizer lbfgs --start noise%n"
        })
public final class StyleCommand extends SynthesisCommand {
    private static final class Starts extends Choices.Words<From> {
        Starts() {
            super(From.class);
        }
    }

    @Parameters(index = "0", paramLabel = "CONTENT", description = "Content picture.")
    private Path content;

    @Parameters(index = "1", paramLabel = "STYLE", description = "Style picture.")
    private Path style;

    @Option(
            names = "--content-layer",
            paramLabel = "LAYER",
            description = "Comma-separated content layers. Default: the last before the smallest" + " maps.")
    private List<String> contentLayers = new ArrayList<>();

    @Option(
            names = "--colors",
            paramLabel = "style|luminance|match",
            defaultValue = "style",
            description = "style: colors of the style picture; luminance: only lightness is painted; match: the style"
                    + " gets the content's colors first. Default: ${DEFAULT-VALUE}.")
    private StyleTransfer.Colors colors;

    @Option(
            names = "--start",
            paramLabel = "content|noise",
            defaultValue = "content",
            converter = Starts.class,
            description = "Initial picture. Default: ${DEFAULT-VALUE}.")
    private From start;

    @Mixin
    private StyleOptions styles;

    @Mixin
    private SettingOptions<StyleTransfer> settings = new SettingOptions<>(StyleTransfer.STYLE);

    private Picture shown;
    private Picture painted;

    public StyleCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "style");
    }

    @Override
    void prepare() {
        shown = PictureReader.read(content);
        painted = PictureReader.read(style);
    }

    @Override
    Set<SynthesisFiles.Way> ways() {
        return styles.ways();
    }

    @Override
    PictureStudy study(Model model) {
        StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                layers(contentLayers, model, List.of(model.anatomy().content())),
                layers(styles.named(), model, model.anatomy().textures()));
        return new Painting(
                model,
                new Painting.Named(content.getFileName().toString(), models().fitted(shown, StyleOptions.LONGEST)),
                new Painting.Named(style.getFileName().toString(), models().fitted(painted, StyleOptions.LONGEST)),
                layers,
                start,
                styles.onto(settings.chosen(), colors),
                seed(),
                styles.frames());
    }
}
