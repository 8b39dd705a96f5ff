package dev.vitrine.app.trust;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.method.MethodList;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.PixelFlipping;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.SanityCriterion;
import dev.vitrine.study.trust.TrustNotes;
import dev.vitrine.study.trust.TrustReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine trust}: pictures in, a page that says how far each method's maps can be trusted out. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Tests how far the maps of methods can be trusted on a network.",
        description = {
            "%nFills the network's layers with random numbers, from the top down and one place at a time, and says which"
                    + " methods draw the same maps all the same: those fail. Measures deletion, insertion, infidelity,"
                    + " sensitivity, sparseness and completeness, and with boxes the pointing game. Writes one page"
                    + " (trust.html) and the numbers for programs (trust.json). Ctrl-C leaves what is done; the same command"
                    + " goes on from there.%n",
            "  vitrine trust photos/",
            "  vitrine trust photos.zip --model net.onnx --method grad-cam,guided-backprop --pictures 20",
            "  vitrine trust photos/ --model net.onnx --boxes boxes.csv%n"
        })
public final class TrustCommand implements Callable<Integer> {
    /** Those that people use most, of every kind. */
    private static final List<String> USUAL = List.of(
            "saliency",
            "smooth-grad",
            "integrated-gradients",
            "guided-backprop",
            "deconvnet",
            "grad-cam",
            "lrp-epsilon-plus");

    /** Steps of a deletion curve where nobody says how many pixels to take at a time. */
    private static final int CURVE_STEPS = 32;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = "--method",
            paramLabel = "LIST|all",
            description = "Methods with commas between them, or all; see 'vitrine methods'. Default: a small choice.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain, for all pictures. Default: the likeliest of each.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "trust",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            defaultValue = "6",
            description = "How many pictures to take, evenly from all. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(
            names = "--boxes",
            paramLabel = "FILE.csv",
            description = "Where the objects are: file,xmin,ymin,xmax,ymax in pixels of the pictures, a line a box.")
    private Optional<Path> boxes;

    @Option(
            names = "--stages",
            paramLabel = "N",
            defaultValue = "6",
            description = "Steps from the trained to the random network. Default: ${DEFAULT-VALUE}.")
    private int stages;

    @Option(
            names = "--limit",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "Likeness from which a method fails, 0..1. Default: ${DEFAULT-VALUE}.")
    private double limit;

    @Option(
            names = "--step-pixels",
            paramLabel = "N",
            description = "Pixels that deletion and insertion take at a time; as published 224. Default: a 32nd of the"
                    + " picture.")
    private Optional<Integer> stepPixels;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public TrustCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeastOne("--pictures", most);
        Bound.atLeastOne("--stages", stages);
        stepPixels.ifPresent(pixels -> Bound.atLeastOne("--step-pixels", pixels));
        if (!(limit > 0 && limit <= 1)) {
            throw VitrineException.usage("--limit " + limit + ": expected a number above 0, at most 1, such as 0.5.");
        }
        List<Attributions.Entry> wanted = MethodList.of(methods, USUAL);
        Optional<BoxTable> table = boxes.map(BoxTable::read);
        try (Pictures pictures = new Pictures(images, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            int pixels = open.model().preprocessing().width()
                    * open.model().preprocessing().height();
            int perStep = stepPixels.orElse((pixels + CURVE_STEPS - 1) / CURVE_STEPS);
            TrustStudy.Plan plan = new TrustStudy.Plan(
                    new SanityCheck(stages, hyperparameters.seed()),
                    new SanityCriterion(limit),
                    new PixelFlipping(PixelFlipping.Direction.DELETION, perStep, hyperparameters.seed()),
                    new PixelFlipping(PixelFlipping.Direction.INSERTION, perStep, hyperparameters.seed()),
                    hyperparameters.seed());
            TrustStudy study = new TrustStudy(open, plan, terminal, stop);
            Sample sample = Sample.evenly(
                    pictures, most, open, TargetWords.parseOne(targets, open.model()), table, terminal, stop);
            TrustNotes notes;
            try {
                notes = study.run(
                        wanted, MethodList.isLenient(methods), hyperparameters, sample, out.resolve("unfinished"));
            } catch (CancellationException | VitrineException problem) {
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                Optional<TrustReport> partial = study.report(sample);
                partial.ifPresent(report -> report.write(out));
                terminal.err()
                        .println(
                                partial.isPresent()
                                        ? "Stopped. What was done is in " + out
                                                + ", marked as partial. The same command goes on"
                                                + " from there."
                                        : "Stopped before anything was done.");
                throw new CancellationException("stopped");
            }
            TrustReport report = study.report(sample).orElseThrow();
            report.write(out).forEach(path -> terminal.out().println(path));
            notes.remove();
            tell(report);
            return sample.unreadable() == 0 ? 0 : 1;
        }
    }

    private void tell(TrustReport report) {
        for (TrustReport.Method method : report.methods()) {
            String verdict = report.verdict(method)
                    .map(found -> found.outcome().name().toLowerCase(Locale.ROOT) + "  " + found.words())
                    .orElse("not judged");
            terminal.out().println("  " + Table.padded(method.id(), 24) + verdict);
        }
    }
}
