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

/** {@code vitrine train}: trains a network from a recipe and pictures. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains a network from a recipe.",
        description = {
            "%nThe recipe, a YAML file, describes the network, the training pictures and the schedule. Writes the"
                    + " network"
                    + " (model.onnx and its card model.yaml), checkpoints of chosen epochs (checkpoints/), a page of"
                    + " learning"
                    + " curves (training.html), the log (log.jsonl), the results on held-out pictures"
                    + " (evaluation.json), and"
                    + " the state for resuming (training.state).%n",
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
            description = "Pictures instead of the recipe's: a folder or zip archive with one folder per class, or"
                    + " two comma-separated IDX files, pictures and labels.")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "training",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--resume", description = "Resume the training in the output folder.")
    private boolean resume;

    @Mixin
    private LearningOptions learning;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Device that runs the network. Default: ${DEFAULT-VALUE}.")
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
                throw VitrineException.usage("There is already a training in " + out
                        + ". Resume it with --resume, or choose another folder with --out.");
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
            String nothing = "Stopped before the first step; run the same command to start over.";
            terminal.err().println(isBegun() ? "Stopped. Resume with: " + again() : nothing);
            throw stopped;
        }
    }

    private boolean isBegun() {
        return Files.exists(out.resolve("training.state"));
    }

    /** The command that resumes. */
    private String again() {
        String paths = data.stream().map(Path::toString).collect(Collectors.joining(","));
        return "vitrine train " + file + (data.isEmpty() ? "" : " --data " + paths) + learning.words()
                + (device == Device.CUDA ? " --device cuda" : "") + " --out " + out + " --resume";
    }
}
