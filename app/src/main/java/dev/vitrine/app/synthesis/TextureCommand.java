package dev.vitrine.app.synthesis;

import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.study.synthesis.Painting;
import dev.vitrine.study.synthesis.PictureStudy;
import dev.vitrine.study.synthesis.SynthesisFiles;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code vitrine texture}: a new picture of the same texture. */
@Command(
        name = "texture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Synthesizes a new picture with the texture of a given one, from noise.",
        description = {
            "%n--size N makes the longer side of the result N pixels long (default 256). The bundled"
                    + " network has learned few textures; a network with a thousand classes (--model) gives better"
                    + " results.%n",
            "  vitrine texture gravel.jpg",
            "  vitrine texture gravel.jpg --model net.onnx --style-layer conv1,conv2 --steps 500%n"
        })
public final class TextureCommand extends SynthesisCommand {
    @Parameters(paramLabel = "STYLE", description = "The picture with the texture.")
    private Path style;

    @Mixin
    private StyleOptions styles;

    @Mixin
    private SettingOptions<StyleTransfer> settings = new SettingOptions<>(StyleTransfer.TEXTURE, "content-weight");

    private Picture whole;

    public TextureCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "texture");
    }

    @Override
    void prepare() {
        whole = PictureReader.read(style);
    }

    @Override
    Set<SynthesisFiles.Way> ways() {
        return styles.ways();
    }

    @Override
    PictureStudy study(Model model) {
        return Painting.texture(
                model,
                new Painting.Named(style.getFileName().toString(), models().fitted(whole, StyleOptions.LONGEST)),
                layers(styles.named(), model, model.anatomy().textures()),
                styles.onto(settings.chosen(), StyleTransfer.Colors.STYLE),
                seed(),
                styles.frames());
    }
}
