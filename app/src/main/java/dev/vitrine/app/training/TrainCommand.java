package dev.vitrine.app.training;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.lens.training.TrainingReport;
import dev.vitrine.study.report.TrainingLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine train}: a recipe and pictures in, a network out. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains a network by a recipe.",
        description = {
            "%nThe recipe, a YAML file, says what the network is, what it learns from, and how. Writes the network"
                    + " (model.onnx and its card model.yaml), copies of chosen epochs (checkpoints/), a page with curves"
                    + " (training.html), the log (log.jsonl), the answers on held-out pictures (evaluation.json), and what"
                    + " is needed to go on (training.state).%n",
            "  vitrine train digits.yaml --out digits",
            "  vitrine train digits.yaml --out digits --resume",
            "  vitrine train birds.yaml --data photos.zip --epochs 20%n"
        })
public final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            split = ",",
            description = "Pictures in place of the recipe's: a folder or zip archive with a folder for each class, or"
                    + " two IDX files, pictures and labels, with a comma between them.")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "training",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--resume", description = "Go on where a training in that folder stopped.")
    private boolean resume;

    @Mixin
    private LearningOptions learning;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Where the network runs. Default: ${DEFAULT-VALUE}.")
    private Device device;

    private final Terminal terminal;
    private final Stop stop;

    public TrainCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Recipe recipe = learning.onto(RecipeReader.read(file), data);
        try (Claim claim = OutputFolder.take(out, terminal)) {
            if (!resume && isBegun()) {
                throw VitrineException.usage("There is a training in " + out
                        + " already. Go on with it by --resume, or write to another folder with --out.");
            }
            TrainingReport report = trained(recipe);
            terminal.out().println(TrainingLines.result(report.evaluation()));
            TrainingLines.FILES.forEach(name -> terminal.out().println("  " + out.resolve(name)));
            return 0;
        }
    }

    private TrainingReport trained(Recipe recipe) {
        TrainingLog log = new TrainingLog(terminal, recipe.plan().epochs(), out);
        try {
            return new Trainer(recipe, out, new OnnxRuntimeRunner(device), log, stop::check)
                    .train(resume ? Trainer.Start.RESUMED : Trainer.Start.ANEW);
        } catch (CancellationException stopped) {
            log.end();
            String nothing = "Stopped before anything was learned; the same command begins again.";
            terminal.err().println(isBegun() ? "Stopped. Go on with: " + again() : nothing);
            throw stopped;
        }
    }

    private boolean isBegun() {
        return Files.exists(out.resolve("training.state"));
    }

    /** The command that goes on. */
    private String again() {
        String paths = data.stream().map(Path::toString).collect(Collectors.joining(","));
        return "vitrine train " + file + (data.isEmpty() ? "" : " --data " + paths) + learning.words()
                + (device == Device.CUDA ? " --device cuda" : "") + " --out " + out + " --resume";
    }
}
