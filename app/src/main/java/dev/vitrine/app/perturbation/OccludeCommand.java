package dev.vitrine.app.perturbation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.method.Baselines;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.perturbation.OcclusionMaps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine occlude}: what the network says of a picture with each part covered. */
@Command(
        name = "occlude",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Covers each part of a picture and maps what the network says then.",
        description = {
            "%nThe maps of Zeiler and Fergus 2014, figure 7, for a window at each place: the probability of the class,"
                    + " the likeliest class, and the activation of the feature map that is strongest on the picture, with"
                    + " that feature map and what it sees (a deconvnet projection). Writes each map and a sheet of all"
                    + " (PNG), one page (index.html), a summary (summary.json) and every number (occlusion.json).%n",
            "  vitrine occlude cat.jpg",
            "  vitrine occlude photos/ --model net.onnx --target tabby --layer conv5 --window 32 --out cats%n"
        })
public final class OccludeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description =
                    "The true class, or another: its number, its name, the beginning or a part of it. Default: the"
                            + " likeliest of each picture.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer of the feature map; see 'vitrine layers'. Default: the last with height and width"
                    + " before the head.")
    private Optional<String> layerName;

    @Option(
            names = "--window",
            paramLabel = "PIXELS",
            description = "Side of what is covered, in pixels of the network's input. Default: a seventh, so that parts"
                    + " of an object go.")
    private Optional<Integer> window;

    @Option(
            names = "--stride",
            paramLabel = "PIXELS",
            description = "From one window to the next. Default: a quarter of a window.")
    private Optional<Integer> stride;

    @Option(
            names = {"--value", "--baseline"},
            paramLabel = "WHAT",
            defaultValue = "grey",
            description =
                    "What covers: black, grey, white, a colour as #rrggbb, zero or another number in the network's"
                            + " own units, mean (the picture's own colour), blur, noise, or an .npy file in the shape of the"
                            + " model's input. Default: ${DEFAULT-VALUE}.")
    private String value;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "square",
            description = "What of the window is covered: square or disc. Default: ${DEFAULT-VALUE}.")
    private Occlusion.Shape shape;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of noise; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "occlusion",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public OccludeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        window.ifPresent(given -> Bound.atLeastOne("--window", given));
        stride.ifPresent(given -> Bound.atLeastOne("--stride", given));
        try (Pictures pictures = new Pictures(images, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            Targets classes = TargetWords.parseOne(targets, model);
            Occlusion method = method(model);
            method.windows(model);
            ShortNames.ofLayers(layerName.stream().toList(), model, terminal);
            OcclusionFolder folder = new OcclusionFolder(out, open.session(), method);
            return run(pictures, open, classes, method, layer(model), folder);
        }
    }

    private void report(OcclusionFolder folder, String name) {
        terminal.out().println(name);
        folder.lines().forEach(line -> terminal.out().println("  " + line));
    }

    private Occlusion method(Model model) {
        int shorter =
                Math.min(model.preprocessing().height(), model.preprocessing().width());
        int side = window.orElse(Math.max(1, shorter / 7));
        Baseline cover = Baselines.parse(value, model, seed);
        return new Occlusion(
                OptionalInt.of(side),
                OptionalInt.of(stride.orElse(Math.max(1, side / 4))),
                cover,
                shape,
                Occlusion.Measure.DROP);
    }

    private Value layer(Model model) {
        Anatomy layers = model.anatomy();
        Value found = layerName.map(layers::find).orElseGet(layers::lastSpatial);
        if (!layers.isSpatial(found)) {
            throw VitrineException.usage(
                    "--layer " + found.name()
                            + ": expected a layer with channels of height and width. See the layers with: vitrine layers MODEL");
        }
        return found;
    }

    private int run(
            Pictures pictures, OpenModel open, Targets classes, Occlusion method, Value layer, OcclusionFolder folder) {
        int windows = method.windows(open.model()).count();
        ProgressLine progress = new ProgressLine(terminal, (double) windows * pictures.size());
        int unreadable = 0;
        try {
            for (int index = 0; index < pictures.size(); index++) {
                stop.check();
                progress.begin(pictures.name(index), windows);
                Picture picture;
                Tensor input;
                Tensor logits;
                try {
                    picture = pictures.read(index);
                    input = open.model().preprocessing().apply(picture);
                    logits = open.session().logits(input);
                    FiniteScores.require(pictures.name(index), logits);
                } catch (VitrineException e) {
                    if (pictures.size() == 1) {
                        throw e;
                    }
                    unreadable++;
                    progress.end();
                    terminal.err().println("vitrine: " + e.getMessage());
                    continue;
                }
                OcclusionFolder.Subject subject = new OcclusionFolder.Subject(
                        pictures.name(index),
                        open.model().preprocessing().view(picture),
                        logits,
                        classes.of(logits, open.model()).get(0));
                OcclusionMaps.Feature feature = OcclusionMaps.Feature.strongest(open.session(), layer, input);
                Optional<Tensor> projection = folder.projection(feature, input);
                OcclusionMaps maps = OcclusionMaps.of(open.session(), method, feature, input, progress);
                progress.end();
                folder.write(subject, feature, maps, projection);
                report(folder, subject.name());
                stop.check();
            }
        } catch (CancellationException stopped) {
            stop.noticed();
            progress.end();
            folder.finish(Optional.of("stopped before the end"));
            terminal.err().println("Stopped. What is done is in " + out + ", marked as partial.");
            throw stopped;
        } finally {
            progress.end();
        }
        folder.finish(Optional.empty());
        terminal.out().println(out.resolve("index.html"));
        return unreadable == 0 ? 0 : 1;
    }
}
