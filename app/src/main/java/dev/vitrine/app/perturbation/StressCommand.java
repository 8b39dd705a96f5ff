package dev.vitrine.app.perturbation;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Stress;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.visualization.Stages;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.Summary;
import dev.vitrine.vision.ObjectFinder;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
                    + " before and after. The object is found by a vote of cuts by several maps. Its surface and the texture that"
                    + " fills its shape are made anew by texture synthesis, so that nothing of a shape is in them. Writes the"
                    + " changed pictures, a sheet of all (stress.png), a page (index.html) and a summary for programs"
                    + " (summary.json).%n",
            "  vitrine stress cat.jpg",
            "  vitrine stress cat.jpg --model net.onnx --texture elephant.jpg --out cat%n"
        })
public final class StressCommand implements Callable<Integer> {
    private static final int[] GRIDS = {2, 4, 8};
    private static final int TEXTURE_CELLS = 4;
    /** By L-BFGS, whose textures come closer in fewer steps than Adam's. */
    private static final int WEAVING_STEPS = 80;

    private static final int WEAVING_MEMORY = 8;
    private static final int COLUMNS = 4;
    private static final int NAMED = 3;

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
            description =
                    "Where the object is, bright on dark, in the size of the picture. Default: what most of the cuts"
                            + " by several maps hold, which may be a part only.")
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

    /**
     * A changed picture.
     *
     * @param question what it asks
     */
    private record Variant(String id, String title, String question, Picture picture) {}

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
                    .orElseGet(() -> ObjectFinder.find(open.session(), view, input, target)
                            .foreground());
            report(model, variants(open.session(), view, object, other), open.session(), target);
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

    private List<Variant> variants(ModelSession session, Picture view, boolean[] object, Optional<Picture> other) {
        List<Variant> variants = new ArrayList<>(List.of(new Variant("picture", "the picture", "", view)));
        for (int cells : GRIDS) {
            variants.add(new Variant(
                    "shuffled-" + cells,
                    cells + "×" + cells + " parts shuffled",
                    "Does it need to see the parts in their order?",
                    Stress.shuffled(view, cells, seed)));
        }
        for (int cells : GRIDS) {
            variants.add(new Variant(
                    "covered-" + cells,
                    "half of " + cells + "×" + cells + " parts covered",
                    "Does half of the picture suffice?",
                    Stress.covered(view, cells, seed)));
        }
        variants.add(new Variant(
                "silhouette", "silhouette", "Does the outline alone suffice?", Stress.silhouette(view, object)));
        variants.add(new Variant(
                "texture",
                "its texture without its shape",
                "Does the surface alone suffice?",
                woven(session, view, Stress.texture(view, object, TEXTURE_CELLS))));
        other.ifPresent(picture -> variants.add(new Variant(
                "filled",
                "its shape, texture of " + texture.orElseThrow().getFileName(),
                "Does it go by the shape, or by the surface?",
                Stress.filled(
                        view,
                        object,
                        woven(session, view, session.model().preprocessing().view(picture))))));
        return variants;
    }

    /** Another picture of the same texture, in which nothing keeps its shape; the given one where the network makes none. */
    private Picture woven(ModelSession session, Picture view, Picture given) {
        ProgressLine progress = new ProgressLine(terminal, 1);
        progress.begin("weaving a texture", 1);
        try {
            StyleTransfer.Chosen layers = new StyleTransfer.Chosen(List.of(), Stages.textures(session.model()));
            return StyleTransfer.TEXTURE
                    .with(new LimitedMemory(WEAVING_MEMORY), StyleTransfer.Colours.STYLE)
                    .withSteps(WEAVING_STEPS)
                    .run(session, view, given, layers, Start.NOISE, seed, Search.Watch.NONE, progress)
                    .picture(0);
        } catch (VitrineException refusal) {
            terminal.err()
                    .println("note: the texture is as it was given, since none can be made: " + refusal.getMessage());
            return given;
        } finally {
            progress.end();
        }
    }

    private void report(Model model, List<Variant> variants, ModelSession session, int target) {
        String name = image.getFileName().toString();
        String before = model.display(target);
        List<ExplanationPage.Card> cards = new ArrayList<>();
        List<Montage.Cell> cells = new ArrayList<>();
        Answer unchanged = answer(session, variants.get(0).picture());
        for (Variant variant : variants) {
            stop.check();
            Answer answer = answer(session, variant.picture());
            List<ExplanationPage.Bar> top = answer.top();
            String change = before + " " + unchanged.words(target) + " → " + answer.words(target);
            Map<String, String> options = new LinkedHashMap<>();
            options.put("variant", variant.title());
            options.put("seed", Long.toString(seed));
            Provenance provenance = new Provenance(model.name(), name, before, "stress", options);
            BufferedImage drawn = Images.of(variant.picture());
            String file = variant.id() + ".png";
            Png.write(out.resolve(file), drawn, Sheet.facts(provenance));
            boolean first = variant.question().isEmpty();
            terminal.out().println(first ? name : variant.title() + ": " + change);
            top.forEach(
                    bar -> terminal.out().println(String.format(Locale.ROOT, "  %7s  %s", bar.words(), bar.label())));
            cells.add(new Montage.Cell(
                    drawn,
                    variant.title() + ": " + top.get(0).label() + " "
                            + top.get(0).words()));
            if (!first) {
                Map<String, String> facts = new LinkedHashMap<>();
                top.forEach(bar -> facts.put(bar.label(), bar.words()));
                cards.add(new ExplanationPage.Card(
                        variant.title(),
                        variant.question(),
                        new ExplanationPage.Picture(drawn),
                        provenance,
                        facts,
                        List.of(change, "likeliest: " + likeliest(top)),
                        List.of(file)));
            }
        }
        Map<String, String> facts =
                Sheet.facts(new Provenance(model.name(), name, before, "stress", Map.of("seed", Long.toString(seed))));
        Png.write(out.resolve("stress.png"), new Montage(cells, COLUMNS).image(), facts);
        ExplanationPage page = new ExplanationPage(
                name + " under stress, as seen by " + model.name(),
                ModelFacts.of(model, Map.of()),
                List.of(new ExplanationPage.Image(
                        name, Images.of(variants.get(0).picture()), unchanged.top(), cards)));
        page.write(out.resolve("index.html"));
        Summary.write(out.resolve("summary.json"), page);
        terminal.out().println(out.resolve("stress.png"));
        terminal.out().println(out.resolve("index.html"));
    }

    private static Answer answer(ModelSession session, Picture picture) {
        return new Answer(
                session.model(), session.logits(session.model().preprocessing().apply(picture)));
    }

    private static String likeliest(List<ExplanationPage.Bar> top) {
        return top.stream()
                .limit(NAMED)
                .map(bar -> bar.label() + " " + bar.words())
                .collect(Collectors.joining(", "));
    }
}
