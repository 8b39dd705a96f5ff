package dev.vitrine.app.attack;

import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.study.attack.Goal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine attack}: adversarial examples, pictures changed little that the network misclassifies. */
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Changes pictures as little as possible until the network is wrong.",
        description = {
            "%nOf pictures: writes the adversarial picture, the change, a sheet with predictions and Grad-CAM before and"
                    + " after, and a page of all (index.html).%n",
            "  vitrine attack cat.jpg",
            "  vitrine attack cat.jpg --method carlini-wagner --target dog --model net.onnx%n",
            "Of a folder or archive of labeled pictures, CLASS/NAME.jpg: accuracy under attack as a function of epsilon,"
                    + " success with its interval, norms and queries, and the adversarial pictures as PNG and NumPy"
                    + " files. Several epsilons are a list. After Ctrl-C the same command resumes.%n",
            "  vitrine attack photos/ --epsilon 1/255,2/255,4/255,8/255",
            "  vitrine attack photos.zip --method deepfool --model net.onnx%n",
            "Of an array: reads uint8 or float32 in 0..1, [pictures, height, width, channels], of the"
                    + " size of the network's input and before its preprocessing, and writes the adversarial ones as"
                    + " float32 of the same shape.%n",
            "  vitrine attack --input x.npy --labels y.npy --method pgd --epsilon 1/255 --output adv.npy",
            "  vitrine attack --input x.npy --labels y.npy --method deepfool --output adv.npy%n"
        })
public final class AttackCommand implements Callable<Integer> {
    private static final Path USUAL = Path.of("attacks");

    @Parameters(
            paramLabel = "IMAGE|FOLDER",
            arity = "0..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP, NumPy), or one folder or zip archive of labeled"
                    + " pictures, CLASS/NAME.jpg.")
    private List<Path> images = new ArrayList<>();

    @Mixin
    private GoalOption goal;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Output folder for pictures. Default: attacks.")
    private Optional<Path> out;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            description = "With a folder: at most this many pictures, evenly spaced. Default: all.")
    private Optional<Integer> most;

    @Option(
            names = "--map",
            description = "With --method one-pixel and one IMAGE: the map of how far each single pixel can move the"
                    + " answer, over the colors whose channels are black or white.")
    private boolean map;

    @Mixin
    private ArrayOptions arrays;

    @Mixin
    private AttackOptions attacks;

    @Mixin
    private NetworkOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public AttackCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Path folder = out.orElse(USUAL);
        if (map) {
            arrays.requireNone();
            return new PixelMapRun(terminal, folder).of(attacks.chosen(), images, this::open);
        }
        if (FolderRun.isFolder(images) && !arrays.areGiven()) {
            arrays.requireNone();
            FolderRun run = new FolderRun(terminal, stop, images.get(0), most, folder);
            return attacks.isUniversal()
                    ? run.universal(attacks.universal(), this::goal, this::open)
                    : run.of(attacks.ladder(), this::goal, this::open);
        }
        Attack attack = attacks.chosen();
        if (arrays.areGiven()) {
            if (!images.isEmpty() || goal.isGiven() || out.isPresent()) {
                throw VitrineException.usage("Found --input X.npy with IMAGE, --target or --out; arrays take --targets"
                        + " T.npy and --output OUT.npy.");
            }
            return arrays.run(attack, models, terminal, stop);
        }
        arrays.requireNone();
        if (images.isEmpty()) {
            throw VitrineException.usage(
                    "Found no pictures; expected IMAGE..., or --input X.npy with --labels and --output.");
        }
        return new PictureRun(terminal, stop, images, folder).of(attack, this::goal, this::open);
    }

    private Goal goal(OpenModel open) {
        return goal.on(open.model(), attacks.seed());
    }

    private OpenModel open() {
        return models.openForPictures(terminal, stop);
    }
}
