package dev.vitrine.app.training;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.picture.LabelledPictures;
import dev.vitrine.study.probe.LayerResult;
import dev.vitrine.study.probe.Probe;
import dev.vitrine.study.probe.ProbePlan;
import dev.vitrine.study.probe.ProbeReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine probe}: how well new classes are told from each layer of a network. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Tells how much each layer knows of a new set of classes: what transfers?",
        description = {
            "%nComputes what each layer holds for every picture, once, and keeps it; then fits a linear classifier and a"
                    + " vote of nearest neighbours to each layer, and tests them on pictures held out. The folder that a"
                    + " picture lies in names its class. Writes a page (probe.html), a plot (probe.png), and the numbers"
                    + " for programs (probe.json). Features stay in the folder 'features' there, as NumPy arrays: a second"
                    + " call is quick, and one that was stopped goes on.%n",
            "  vitrine probe --data pictures.zip",
            "  vitrine probe --model net.onnx --data pictures/ --shots 1,5,15,30 --grid 1,2%n"
        })
public final class ProbeCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures as CLASS/NAME.jpg, in a folder or a zip archive.")
    private Path data;

    @Option(
            names = "--layer",
            paramLabel = "L|all",
            split = ",",
            description = "Layers by the names that 'vitrine layers' lists. Default: the picture itself, activations,"
                    + " pooling and the class scores.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--grid",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "Cells along each side that maps are averaged over; 1 is the mean of each map. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<Integer> grids;

    @Option(
            names = "--shots",
            paramLabel = "N",
            split = ",",
            description = "Training pictures of each class, such as 1,5,15,30; the rest test. Default: all but those"
                    + " that --held-out keeps.")
    private List<Integer> shots = new ArrayList<>();

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.3",
            description = "Share of each class's pictures that test, without --shots. Default: ${DEFAULT-VALUE}.")
    private double heldOut;

    @Option(
            names = "--most-tested",
            paramLabel = "N",
            defaultValue = "50",
            description = "Most pictures of a class that test. Default: ${DEFAULT-VALUE}.")
    private int mostTested;

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Most pictures of a class that are looked at, drawn by seed. Default: all.")
    private Optional<Integer> perClass;

    @Option(names = "--without", paramLabel = "CLASS", split = ",", description = "Folders that are no class.")
    private List<String> without = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the split; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "probe",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public ProbeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        ProbePlan plan = new ProbePlan(grids, shots, heldOut, mostTested, seed);
        perClass.filter(most -> most < 2).ifPresent(most -> {
            throw VitrineException.usage(
                    "--per-class " + most + ": expected at least 2, one to learn from and one to test.");
        });
        try (PictureSource source = OpenSource.of(data, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            LabelledPictures all = LabelledPictures.of(data, source, without);
            LabelledPictures pictures =
                    perClass.map(most -> all.atMost(most, seed)).orElse(all);
            if (pictures.classes().size() < 2) {
                throw VitrineException.usage(data + ": found one class, '"
                        + pictures.classes().get(0) + "'; expected at least two folders of pictures, one a class.");
            }
            ShortNames.ofLayers(layers, open.model(), terminal);
            try (Probe probe = new Probe(open.session(), pictures, plan, layers, out.resolve("features"))) {
                return new Work(open.model(), pictures, plan, probe).run();
            }
        }
    }

    private final class Work {
        private final Model model;
        private final LabelledPictures pictures;
        private final ProbePlan plan;
        private final Probe probe;
        private final List<LayerResult> results = new ArrayList<>();

        Work(Model model, LabelledPictures pictures, ProbePlan plan, Probe probe) {
            this.model = model;
            this.pictures = pictures;
            this.plan = plan;
            this.probe = probe;
        }

        int run() {
            extract();
            measure();
            ProbeReport report = report(Optional.empty());
            report.write(out).forEach(path -> terminal.out().println(path));
            tell(report);
            return report.unreadable().isEmpty() ? 0 : 1;
        }

        private void extract() {
            if (probe.stored() == pictures.size()) {
                terminal.err()
                        .println("note: the features of all " + pictures.size() + " pictures are in "
                                + out.resolve("features") + " already.");
                return;
            }
            if (probe.stored() > 0) {
                terminal.err()
                        .println("note: the features of " + probe.stored() + " of " + pictures.size()
                                + " pictures are in " + out.resolve("features") + "; going on from there.");
            }
            ProgressLine progress = new ProgressLine(terminal, 1);
            try {
                progress.begin("features of " + pictures.size() + " pictures, " + probe.numbers() + " numbers each", 1);
                probe.extract(
                        (done, total) -> {
                            stop.check();
                            progress.report(done, total);
                        },
                        message -> terminal.err().println("vitrine: " + message));
            } catch (CancellationException | VitrineException problem) {
                progress.end();
                if (stop.status() != 0) {
                    terminal.err()
                            .println("Stopped. The features of " + probe.stored() + " of " + pictures.size()
                                    + " pictures are kept; the same command goes on from there.");
                }
                throw problem;
            } finally {
                progress.end();
            }
        }

        private void measure() {
            ProgressLine progress = new ProgressLine(terminal, 1);
            try {
                progress.begin("fitting to " + probe.rows() + (probe.rows() == 1 ? " layer" : " layers"), 1);
                probe.measure(
                        (done, total) -> {
                            stop.check();
                            progress.report(done, total);
                        },
                        results::add);
            } catch (CancellationException | VitrineException problem) {
                progress.end();
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                if (!results.isEmpty()) {
                    report(Optional.of("The work was stopped after " + results.size() + " of " + probe.rows()
                                    + " layers."))
                            .write(out);
                }
                terminal.err()
                        .println("Stopped. The features are kept"
                                + (results.isEmpty()
                                        ? "."
                                        : ", what was measured is in " + out + ", marked as partial."));
                throw new CancellationException("stopped");
            } finally {
                progress.end();
            }
        }

        private ProbeReport report(Optional<String> missing) {
            return new ProbeReport(
                    model.name(), pictures.name(), pictures.classes(), results, probe.unreadable(), missing, facts());
        }

        private Map<String, String> facts() {
            int[] parts = probe.parts();
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put(
                    "pictures",
                    pictures.name() + ", " + pictures.size() + " of "
                            + pictures.classes().size() + " classes"
                            + (without.isEmpty() ? "" : ", without " + String.join(", ", without)));
            facts.put(
                    "split",
                    parts[0] + " to learn from, " + parts[1] + " to test, at most " + mostTested + " a class; seed "
                            + seed);
            facts.put(
                    "features",
                    "maps averaged over "
                            + plan.grids().stream()
                                    .map(grid -> grid + "×" + grid)
                                    .collect(Collectors.joining(" and "))
                            + " cells");
            facts.putAll(ModelFacts.of(model, Map.of()));
            return facts;
        }

        private void tell(ProbeReport report) {
            Table table = new Table("#", "layer", "cells", "numbers", "linear", "neighbours");
            List<String> order =
                    results.stream().map(LayerResult::layer).distinct().toList();
            for (LayerResult result : results) {
                table.row(
                        Integer.toString(order.indexOf(result.layer()) + 1),
                        result.layer() + (result.equals(report.best()) ? " *" : ""),
                        result.grid() + "×" + result.grid(),
                        Integer.toString(result.size()),
                        percent(result.full().linear().meanPerClass()),
                        percent(result.full().neighbours().meanPerClass()));
            }
            table.lines(terminal.columns()).forEach(line -> terminal.out().println("  " + line));
            terminal.out()
                    .println("  Mean over " + pictures.classes().size() + " classes of the share told right, "
                            + report.best().full().title() + "; chance "
                            + percent(1.0 / pictures.classes().size()) + ".");
            report.shortage().ifPresent(words -> terminal.out().println("  " + words));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
