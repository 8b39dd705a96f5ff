package dev.vitrine.app.robustness;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.study.robustness.RobustnessPlan;
import dev.vitrine.study.robustness.sheet.CorruptedPictures;
import dev.vitrine.study.robustness.sheet.CorruptionSheets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine corrupt}: pictures with noise, blur, weather or compression. */
@Command(
        name = "corrupt",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Corrupts pictures: noise, blur, weather, compression, in five severities.",
        description = {
            "%nThe corruptions of ImageNet-C and CIFAR-10-C (Hendrycks and Dietterich 2019) with their constants. What is"
                    + " drawn at random depends on the seed and on the picture alone.%n",
            "Of pictures: writes a sheet for each, NAME-corrupted.png, a row for each corruption, with the network's"
                    + " answers, and corrupted.json.%n",
            "  vitrine corrupt cat.jpg",
            "  vitrine corrupt cat.jpg --model net.onnx --corruption weather,jpeg_compression --severity 1,3,5%n",
            "Of an array: reads uint8 [pictures, height, width, 3] and writes the same, with one corruption in one"
                    + " severity.%n",
            "  vitrine corrupt --input x.npy --corruption fog --severity 3 --output foggy.npy%n"
        })
public final class CorruptCommand implements Callable<Integer> {
    private static final Path USUAL = Path.of("corrupted");

    @Parameters(
            paramLabel = "IMAGE",
            arity = "0..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images = new ArrayList<>();

    @Mixin
    private CorruptionOptions corruptions;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            description = "Output folder for sheets. Default: corrupted.")
    private Optional<Path> out;

    @Mixin
    private StackOptions stack;

    @Mixin
    private NetworkOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public CorruptCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (stack.areGiven()) {
            if (!images.isEmpty() || out.isPresent()) {
                throw VitrineException.usage("Found options of arrays with IMAGE or --out; an array takes --input X.npy"
                        + " and --output OUT.npy.");
            }
            return stack.run(corruptions, seed, terminal, stop);
        }
        if (images.isEmpty()) {
            throw VitrineException.usage(
                    "Found no pictures; expected IMAGE..., or --input X.npy with --output OUT.npy.");
        }
        RobustnessPlan plan = new RobustnessPlan(
                corruptions.ids("all"), corruptions.severities(), RobustnessPlan.Encoding.NONE, seed);
        Path folder = out.orElse(USUAL);
        try (PicturePaths pictures = OpenSource.of(images, terminal);
                OpenModel open = models.openForPictures(terminal, stop);
                Claim claim = OutputFolder.take(folder, terminal)) {
            CorruptedPictures study = new CorruptedPictures(open.model(), pictures, plan);
            return new StudyRun(terminal, stop, folder)
                    .of(
                            open.session(),
                            study,
                            outcome -> new CorruptionSheets(study, outcome, ModelFacts.of(open.model())));
        }
    }
}
