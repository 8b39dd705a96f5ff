package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.Fooling;
import dev.vitrine.study.synthesis.Misleading;
import dev.vitrine.study.synthesis.PictureStudy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine fool}: adversarial examples and fooling noise. */
@Command(
        name = "fool",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Creates adversarial examples: pictures that only the network assigns to a class.",
        description = {
            "%nWith a picture: the smallest change that makes the network predict the class, shown amplified"
                    + " beside it. Without: noise that the network classifies as the class.%n",
            "  vitrine fool cat.jpg --target toaster",
            "  vitrine fool --model net.onnx --target 'king penguin'%n"
        })
public final class FoolCommand extends SynthesisCommand {
    @Parameters(
            paramLabel = "IMAGE",
            arity = "0..1",
            description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP); noise if none is given.")
    private Optional<Path> image;

    @Option(
            names = {"-t", "--target"},
            order = SynthesisCommand.SUBJECT,
            paramLabel = "CLASS",
            required = true,
            description = "Target class: index, name or a part of the name.")
    private String target;

    @Mixin
    private SettingOptions<Fooling> settings = new SettingOptions<>(Fooling.USUAL);

    private Optional<Picture> photo = Optional.empty();

    public FoolCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "fool");
    }

    @Override
    void prepare() {
        photo = image.map(PictureReader::read);
    }

    @Override
    OpenModel open(ModelOptions models) {
        return models.open(terminal(), stop());
    }

    @Override
    PictureStudy study(Model model) {
        List<Integer> classes = TargetWords.classes(target, model);
        if (classes.size() != 1) {
            throw VitrineException.usage("--target: found " + classes.size() + " classes; expected one.");
        }
        return new Misleading(
                model,
                image.map(path -> path.getFileName().toString()).orElse("noise"),
                photo.map(model.preprocessing()::view),
                classes.get(0),
                settings.chosen(),
                seed());
    }
}
