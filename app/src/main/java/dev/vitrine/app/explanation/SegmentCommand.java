package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.Smoothing;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Stems;
import dev.vitrine.vision.GrabCut;
import dev.vitrine.vision.Segmentation;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine segment}: pictures in, the object that speaks for a class cut out of them. */
@Command(
        name = "segment",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Cuts the object that speaks for a class out of a picture, by its map and GrabCut.",
        description = {
            "%nNobody has marked the object: the network's class and its map are all that is known. Pixels with the"
                    + " highest scores start as object, those with the lowest as background, and GrabCut tells the rest"
                    + " by colour. Writes for each picture, as the network sees it, the cut-out, the mask and the picture"
                    + " with an outline.%n",
            "  vitrine segment cat.jpg",
            "  vitrine segment photos/ --model net.onnx --method saliency --target tabby --out cats%n"
        })
public final class SegmentCommand implements Callable<Integer> {
    private static final double USUALLY_LIKELY = 0.6;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = "--method",
            paramLabel = "ID",
            defaultValue = "layer-cam",
            description = "See 'vitrine methods'; as published saliency. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain. Default: the likeliest of each picture.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--object",
            paramLabel = "SHARE",
            defaultValue = "0.95",
            description = "Quantile of the map above which a pixel is the object. Default: ${DEFAULT-VALUE}.")
    private double object;

    @Option(
            names = "--likely",
            paramLabel = "SHARE",
            description = "Quantile of the map above which a pixel starts as the object, but may be found to be"
                    + " background; that of --object for none, as published. Default: 0.6, or what is nearest to it"
                    + " between the two others.")
    private Optional<Double> likely;

    @Option(
            names = "--background",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Quantile of the map below which a pixel is background. Default: ${DEFAULT-VALUE}.")
    private double background;

    @Option(
            names = "--smoothing",
            paramLabel = "SHARE",
            defaultValue = "0.03",
            description = "Width of the Gaussian that a map of single pixels is smoothed by first, as a share of the"
                    + " picture's side; 0 for none, as published. Default: ${DEFAULT-VALUE}.")
    private double smoothing;

    @Option(
            names = "--cuts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of GrabCut. Default: ${DEFAULT-VALUE}.")
    private int cuts;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "segments",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;
    private final Stems stems = new Stems();

    public SegmentCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (!(background > 0 && background < object && object < 1) || cuts < 1) {
            throw VitrineException.usage("--object " + object + ", --background " + background + ", --cuts " + cuts
                    + ": expected 0 < background < object < 1 and at least 1 cut.");
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw VitrineException.usage("--smoothing " + smoothing + ": expected a share from 0, such as 0.03.");
        }
        double middle = likely.orElse(background < USUALLY_LIKELY ? Math.min(USUALLY_LIKELY, object) : object);
        if (!(background < middle && middle <= object)) {
            throw VitrineException.usage("--likely " + middle + ": expected more than " + background
                    + ", the background's, and at most " + object + ", the object's.");
        }
        GrabCut grabCut = new GrabCut(object, middle, background, cuts);
        Attributions.Entry entry = Attributions.find(method);
        try (Pictures pictures = new Pictures(images, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            Targets classes = TargetWords.parseOne(targets, model);
            Attribution attribution = entry.with(hyperparameters.on(model));
            hyperparameters.noteUnused(List.of(attribution), model, terminal);
            Explainer explainer = open.session().explainer(attribution, ClassScore.of(ClassScore.Scale.LOGIT));
            ProgressLine progress = new ProgressLine(terminal, pictures.size());
            int unreadable = 0;
            int done = 0;
            try {
                for (int index = 0; index < pictures.size(); index++) {
                    stop.check();
                    progress.begin(pictures.name(index), 1);
                    Picture picture;
                    try {
                        picture = pictures.read(index);
                    } catch (VitrineException e) {
                        if (pictures.size() == 1) {
                            throw e;
                        }
                        unreadable++;
                        terminal.err().println("vitrine: " + e.getMessage());
                        continue;
                    }
                    Tensor input = model.preprocessing().apply(picture);
                    int target = classes.of(open.session().logits(input), open.model())
                            .get(0);
                    Tensor map = explainer
                            .explain(input, ModelSession.targets(target), progress)
                            .attribution();
                    Picture view = model.preprocessing().view(picture);
                    Tensor heat = smoothed(attribution, PixelHeat.of(attribution, map, model));
                    Segmentation found = grabCut.segment(view, heat).largestPart();
                    progress.end();
                    write(pictures.name(index), view, found, grabCut, model, attribution, target);
                    done++;
                }
            } catch (CancellationException stopped) {
                terminal.err().println("Stopped. " + done + " pictures are done in " + out + ".");
                throw stopped;
            } finally {
                progress.end();
            }
            return unreadable == 0 ? 0 : 1;
        }
    }

    /** Single pixels jump between the quantiles; what they say together does not. */
    private Tensor smoothed(Attribution attribution, Tensor heat) {
        if (attribution.form() == Attribution.Form.MAP || smoothing == 0) {
            return heat;
        }
        double sigma = smoothing * Math.max(heat.dimension(0), heat.dimension(1));
        Provenance provenance = new Provenance("", "", "", attribution.id(), Map.of());
        return new Smoothing(sigma).apply(new Heatmap(heat, provenance)).scores();
    }

    private void write(
            String name,
            Picture view,
            Segmentation found,
            GrabCut grabCut,
            Model model,
            Attribution attribution,
            int target) {
        Map<String, String> options = new LinkedHashMap<>(attribution.optionsOn(model));
        options.put("object", Double.toString(object));
        options.put("likely", Double.toString(grabCut.likely()));
        options.put("background", Double.toString(background));
        options.put("smoothing", Double.toString(smoothing));
        options.put("cuts", Integer.toString(cuts));
        Map<String, String> facts = Sheet.facts(new Provenance(
                model.name(), name, model.labels().display(target), attribution.id() + " + GrabCut", options));
        String stem = stems.of(name);
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s  %s, %.0f %% of the picture",
                        name,
                        model.labels().display(target),
                        100 * found.area()));
        Map<String, BufferedImage> drawings = new LinkedHashMap<>();
        drawings.put("cutout", found.cutOut(view));
        drawings.put("mask", found.mask());
        drawings.put("outline", found.outline(view));
        drawings.forEach((kind, drawing) -> {
            Path path = out.resolve(stem + "-" + kind + ".png");
            Png.write(path, drawing, facts);
            terminal.out().println("  " + path);
        });
    }
}
