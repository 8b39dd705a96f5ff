package dev.vitrine.app.perturbation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Stress;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.Summary;
import dev.vitrine.vision.GrabCut;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine stress}: does the network go by parts, by their order, by outline or by texture? */
@Command(
        name = "stress",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Asks what a network goes by: shuffled parts, covered parts, silhouette, texture in place of shape.",
        description = {
            "%nChanges a picture in ways that leave a person little doubt, or none, and shows the likeliest classes"
                    + " before and after. The object is found by Grad-CAM and GrabCut, as in 'vitrine segment'. Writes the"
                    + " changed pictures, a sheet of all (stress.png), a page (index.html) and a summary for programs"
                    + " (summary.json).%n",
            "  vitrine stress cat.jpg",
            "  vitrine stress cat.jpg --model net.onnx --texture elephant.jpg --out cat%n"
        })
public final class StressCommand implements Callable<Integer> {
    private static final int[] GRIDS = {2, 4, 8};
    private static final int TEXTURE_CELLS = 4;
    private static final int COLUMNS = 3;

    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Option(
            names = "--texture",
            paramLabel = "IMAGE",
            description = "Another picture, whose texture fills the object's shape.")
    private Optional<Path> texture;

    @Option(
            names = "--mask",
            paramLabel = "IMAGE",
            description = "Where the object is, bright on dark, in the shape of the picture. Default: what Grad-CAM and"
                    + " GrabCut find, which may be a part only.")
    private Optional<Path> mask;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the order of parts; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "stress",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public StressCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /** A changed picture. */
    private record Variant(String id, String title, Picture picture) {}

    @Override
    public Integer call() {
        Picture picture = PictureReader.read(image);
        Optional<Picture> other = texture.map(PictureReader::read);
        Optional<Picture> given = mask.map(path -> given(path, picture));
        try (OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            if (!open.model().preprocessing().channels().isOfColors()) {
                throw VitrineException.usage("Model '" + open.model().name() + "' takes "
                        + open.model().preprocessing().channels()
                        + "; expected rgb, bgr or grey, since stress paints pictures in color.");
            }
            Model model = open.model();
            Picture view = model.preprocessing().view(picture);
            if (Math.min(view.width(), view.height()) < GRIDS[GRIDS.length - 1]) {
                throw VitrineException.usage("The network's input is " + view.width() + "×" + view.height()
                        + " pixels; expected at least " + GRIDS[GRIDS.length - 1] + " each way, to be cut into parts.");
            }
            Tensor input = model.preprocessing().apply(picture);
            Tensor logits = open.session().logits(input);
            int target = Targets.ranking(logits, model).get(0);
            boolean[] object = given.map(marked -> bright(model.preprocessing().view(marked)))
                    .orElseGet(() -> object(open.session(), input, view, target));
            report(model, variants(view, object, other), open.session(), target);
            return 0;
        }
    }

    private static Picture given(Path path, Picture picture) {
        Picture mask = PictureReader.read(path);
        if (mask.width() != picture.width() || mask.height() != picture.height()) {
            throw VitrineException.usage("--mask " + path + ": found " + mask.width() + "×" + mask.height()
                    + " pixels; expected " + picture.width() + "×" + picture.height() + " as the picture.");
        }
        return mask;
    }

    private static boolean[] bright(Picture mask) {
        boolean[] bright = new boolean[mask.width() * mask.height()];
        for (int at = 0; at < bright.length; at++) {
            bright[at] = Picture.luminance(mask.colour(at % mask.width(), at / mask.width())) >= 128;
        }
        return bright;
    }

    private boolean[] object(ModelSession session, Tensor input, Picture view, int target) {
        Attribution map = new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.empty());
        Tensor attribution = session.explainer(map, ClassScore.of(ClassScore.Scale.LOGIT))
                .explain(input, ModelSession.targets(target), Progress.NONE)
                .attribution();
        return new GrabCut()
                .segment(view, PixelHeat.of(map, attribution, session.model()))
                .largestPart()
                .foreground();
    }

    private List<Variant> variants(Picture view, boolean[] object, Optional<Picture> other) {
        List<Variant> variants = new ArrayList<>(List.of(new Variant("picture", "the picture", view)));
        for (int cells : GRIDS) {
            variants.add(new Variant(
                    "shuffled-" + cells, cells + "×" + cells + " parts shuffled", Stress.shuffled(view, cells, seed)));
        }
        for (int cells : GRIDS) {
            variants.add(new Variant(
                    "covered-" + cells,
                    "half of " + cells + "×" + cells + " parts covered",
                    Stress.covered(view, cells, seed)));
        }
        variants.add(new Variant("silhouette", "silhouette", Stress.silhouette(view, object)));
        variants.add(
                new Variant("texture", "its texture without its shape", Stress.texture(view, object, TEXTURE_CELLS)));
        other.ifPresent(picture -> variants.add(new Variant(
                "filled",
                "its shape, texture of " + texture.orElseThrow().getFileName(),
                Stress.filled(view, object, picture))));
        return variants;
    }

    private void report(Model model, List<Variant> variants, ModelSession session, int target) {
        String name = image.getFileName().toString();
        String before = model.display(target);
        List<ExplanationPage.Image> images = new ArrayList<>();
        List<Montage.Cell> cells = new ArrayList<>();
        String first = "";
        for (Variant variant : variants) {
            stop.check();
            Tensor logits = session.logits(model.preprocessing().apply(variant.picture()));
            Answer answer = new Answer(model, logits);
            List<ExplanationPage.Bar> top = answer.top();
            first = variant.id().equals("picture") ? answer.words(target) : first;
            String change = before + " " + first + " → " + answer.words(target);
            String title = variant.id().equals("picture") ? name : variant.title() + ": " + change;
            Map<String, String> options = new LinkedHashMap<>();
            options.put("variant", variant.title());
            options.put("seed", Long.toString(seed));
            Map<String, String> facts = Sheet.facts(new Provenance(model.name(), name, before, "stress", options));
            Path path = out.resolve(variant.id() + ".png");
            Png.write(path, Images.of(variant.picture()), facts);
            images.add(new ExplanationPage.Image(title, Images.of(variant.picture()), top, List.of()));
            cells.add(new Montage.Cell(
                    Images.of(variant.picture()),
                    variant.title() + ": " + top.get(0).label() + " "
                            + top.get(0).words()));
            terminal.out().println(title);
            top.forEach(
                    bar -> terminal.out().println(String.format(Locale.ROOT, "  %7s  %s", bar.words(), bar.label())));
        }
        Map<String, String> facts =
                Sheet.facts(new Provenance(model.name(), name, before, "stress", Map.of("seed", Long.toString(seed))));
        Png.write(out.resolve("stress.png"), new Montage(cells, COLUMNS).image(), facts);
        ExplanationPage page = new ExplanationPage(
                name + " under stress, as seen by " + model.name(), ModelFacts.of(model, Map.of()), images);
        page.write(out.resolve("index.html"));
        Summary.write(out.resolve("summary.json"), page);
        terminal.out().println(out.resolve("stress.png"));
        terminal.out().println(out.resolve("index.html"));
    }
}
