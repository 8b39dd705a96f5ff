package dev.vitrine.app.training;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.lens.training.TrainingReport;
import dev.vitrine.study.report.TrainingPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
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

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs in place of the recipe's.")
    private Optional<Integer> epochs;

    @Option(names = "--seed", paramLabel = "N", description = "Seed in place of the recipe's.")
    private Optional<Long> seed;

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
        Recipe recipe = RecipeReader.read(file);
        epochs.ifPresent(count -> Bound.atLeastOne("--epochs", count));
        recipe = recipe.with(
                epochs.orElse(recipe.plan().epochs()), seed.orElse(recipe.plan().seed()));
        if (data.size() > 2) {
            throw VitrineException.usage(
                    "--data: found " + data.size() + " paths; expected one folder or zip archive, or two IDX files.");
        }
        if (!data.isEmpty()) {
            recipe = recipe.withPaths(data);
        }
        try (Claim claim = OutputFolder.take(out, terminal)) {
            return train(recipe);
        }
    }

    private int train(Recipe recipe) {
        if (!resume && Files.exists(out.resolve("training.state"))) {
            throw VitrineException.usage("There is a training in " + out
                    + " already. Go on with it by --resume, or write to another folder with --out.");
        }
        Shown shown = new Shown(recipe.plan().epochs());
        Trainer trainer = new Trainer(recipe, out, new OnnxRuntimeRunner(device), shown, stop::check);
        TrainingReport report;
        try {
            report = trainer.train(resume ? Trainer.Start.RESUMED : Trainer.Start.ANEW);
        } catch (CancellationException stopped) {
            shown.line.end();
            terminal.err()
                    .println(
                            Files.exists(out.resolve("training.state"))
                                    ? "Stopped. Go on with: " + again()
                                    : "Stopped before anything was learned; the same command begins again.");
            throw stopped;
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%.2f %% of the held-out pictures are told right, %.2f %% as the mean of the classes.",
                        100 * report.evaluation().accuracy(),
                        100 * report.evaluation().meanClassAccuracy()));
        for (String name : List.of("model.onnx", "model.yaml", "training.html", "log.jsonl", "evaluation.json")) {
            terminal.out().println("  " + out.resolve(name));
        }
        return 0;
    }

    /** The command that goes on. */
    private String again() {
        return "vitrine train " + file
                + (data.isEmpty()
                        ? ""
                        : " --data " + data.stream().map(Path::toString).collect(Collectors.joining(",")))
                + epochs.map(count -> " --epochs " + count).orElse("")
                + seed.map(number -> " --seed " + number).orElse("")
                + (device == Device.CUDA ? " --device cuda" : "")
                + " --out " + out + " --resume";
    }

    /** What a person sees while it goes on. */
    private final class Shown implements Trainer.Listener {
        private final int epochs;
        private ProgressLine line;
        private int unreadable;

        Shown(int epochs) {
            this.epochs = epochs;
            this.line = new ProgressLine(terminal, 1);
        }

        @Override
        public Progress reading() {
            line.begin("reading the pictures", 1);
            return line;
        }

        @Override
        public void emptyClass(String name) {
            line.end();
            terminal.err().println("vitrine: class '" + name + "' is left out: its folder holds no picture.");
        }

        @Override
        public void unreadable(String reason) {
            line.end();
            unreadable++;
            terminal.err().println("vitrine: left out: " + reason);
        }

        @Override
        public void begins(int classes, int train, int heldOut, long weights, int epochsDone) {
            line.end();
            if (unreadable > 0) {
                terminal.err()
                        .println((unreadable == 1 ? "1 picture is" : unreadable + " pictures are")
                                + " left out, since they cannot be read.");
            }
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%d classes, %d pictures to learn from, %d held out, %,d weights, %s",
                            classes,
                            train,
                            heldOut,
                            weights,
                            epochsDone == epochs
                                    ? "trained for all " + epochs + " epochs already"
                                    : "epoch " + (epochsDone + 1) + " of " + epochs));
            if (epochsDone == epochs) {
                return;
            }
            terminal.out()
                    .println("epoch      rate     loss   right   held out: loss   right  by class   dead  pictures/s");
            line = new ProgressLine(terminal, epochs - epochsDone);
        }

        @Override
        public void step(int epoch, int step, int steps, double loss, double accuracy) {
            if (step == 1) {
                line.begin("", 1);
            }
            line.label(String.format(
                    Locale.ROOT, "epoch %d of %d, loss %.3f, %.1f %% right", epoch, epochs, loss, 100 * accuracy));
            line.report(step, steps);
        }

        @Override
        public void report(TrainingReport report) {
            OutputFile.write(out.resolve("training.html"), TrainingPage.html(report));
        }

        @Override
        public void epoch(EpochRecord record) {
            line.end();
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%5d  %8.5f %8.4f %5.1f %%        %8.4f %5.1f %%   %5.1f %% %4.1f %%  %10.0f",
                            record.epoch(),
                            record.rate(),
                            record.trainLoss(),
                            100 * record.trainAccuracy(),
                            record.loss(),
                            100 * record.accuracy(),
                            100 * record.meanClassAccuracy(),
                            100 * record.deadShare(),
                            record.picturesPerSecond()));
        }
    }
}
