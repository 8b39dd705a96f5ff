package dev.vitrine.study.stress;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Stress;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.page.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Does a network rely on parts, their arrangement, outline or texture? Predictions for modified pictures that a person
 * recognizes with little or no doubt.
 *
 * @param finder locates the object in each picture
 * @param texture a picture that fills the object's shape
 */
public record StressStudy(
        Model model, PictureList pictures, ObjectFinder finder, Optional<PictureList> texture, Settings settings)
        implements Survey<Stressed, Stressed> {
    private static final int FORMAT = 2;
    private static final int[] GRIDS = {2, 4, 8};
    private static final int TEXTURE_CELLS = 4;

    /** Methods whose maps locate the object: a single one often misses parts of it. */
    private static final List<String> METHODS = List.of("grad-cam", "layer-cam", "lrp-epsilon-plus");

    /** Width of the Gaussian that smooths a per-pixel map, as a share of the picture's side. */
    private static final double SMOOTHING = 0.03;

    /** Optimized with L-BFGS, whose textures match better in fewer steps than Adam's. */
    private static final StyleTransfer WEAVING =
            StyleTransfer.TEXTURE.with(new LimitedMemory(8), StyleTransfer.Colors.STYLE);

    public StressStudy {
        Preprocessing input = model.preprocessing();
        if (!input.channels().isOfColors()) {
            throw VitrineException.usage("Model '" + model.name() + "' takes " + input.channels()
                    + "; expected rgb, bgr or gray, since stress generates color pictures.");
        }
        int least = GRIDS[GRIDS.length - 1];
        if (Math.min(input.width(), input.height()) < least) {
            throw VitrineException.usage("The network's input is " + input.width() + "×" + input.height()
                    + " pixels; expected at least " + least + " pixels per side, to be divided into parts.");
        }
    }

    /** How pictures are modified. */
    public record Settings(
            @Setting(meaning = "seed for shuffling the parts; the same seed gives the same bytes")
            long seed,

            @Setting(
                    least = 0,
                    meaning =
                            "steps of texture synthesis, for the object's surface and for the given texture; 0 uses them"
                                    + " unchanged")
            int textureSteps) {
        public static final Settings USUAL = new Settings(0, 80);

        public Settings {
            dev.vitrine.lens.setting.Settings.require(Settings.class, seed, textureSteps);
        }
    }

    /**
     * A modified picture, or the original.
     *
     * @param question that it answers
     */
    record Variant(String id, String title, String question, Picture picture) {}

    @Override
    public String id() {
        return "stress";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("object", finder.name())
                .with("texture", texture.map(list -> list.content(0)).orElse("none"))
                .with("seed", settings.seed())
                .with("texture steps", settings.textureSteps());
    }

    @Override
    public Class<Stressed> part() {
        return Stressed.class;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Look<Stressed> open(ModelSession session, int batch) {
        return looked -> new Stressed(
                looked.items().stream().map(item -> of(item, looked, session)).toList());
    }

    private Stressed.Of of(Batch.Item item, Batch batch, ModelSession session) {
        Picture view = item.view().orElseThrow();
        Tensor input = batch.images().rows(item.row(), item.row() + 1L);
        int target = Targets.ranking(session.logits(input), model).get(0);
        boolean[] object = finder.find(view, () -> heats(session, input, target));
        List<Picture> textures = new ArrayList<>();
        textures.add(woven(session, view, Stress.texture(view, object, TEXTURE_CELLS)));
        texture.ifPresent(
                other -> textures.add(woven(session, view, model.preprocessing().view(other.read(0)))));
        List<Stressed.Answered> answers = new ArrayList<>();
        for (Variant variant : variants(view, object, textures)) {
            Tensor scores = session.logits(model.preprocessing().apply(variant.picture()));
            double shown = Targets.shown(scores, model)[target];
            answers.add(new Stressed.Answered(variant.id(), variant.title(), shown, new Answer(model, scores).top()));
        }
        return new Stressed.Of(
                item.index(), item.name(), target, Stressed.runs(object), Stressed.stored(textures), answers);
    }

    private List<Tensor> heats(ModelSession session, Tensor input, int target) {
        List<Tensor> heats = new ArrayList<>();
        Optional<VitrineException> refused = Optional.empty();
        for (String method : METHODS) {
            try {
                heats.add(heat(session, Attributions.find(method).standard(), input, target));
            } catch (VitrineException refusal) {
                refused = Optional.of(refusal);
            }
        }
        if (heats.isEmpty()) {
            throw refused.orElseThrow();
        }
        return heats;
    }

    private Tensor heat(ModelSession session, Attribution method, Tensor input, int target) {
        Tensor attribution = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                .explain(input, ModelSession.targets(target), Progress.NONE)
                .attribution();
        Tensor heat = PixelHeat.of(method, attribution, model);
        if (method.form() == Attribution.Form.MAP) {
            return heat;
        }
        int height = Math.toIntExact(heat.dimension(0));
        int width = Math.toIntExact(heat.dimension(1));
        double sigma = SMOOTHING * Math.max(height, width);
        float[] smooth = new GaussianBlur(sigma, (int) Math.ceil(3 * sigma), GaussianBlur.Border.NONE)
                .apply(heat.toFloats(), height, width);
        return Tensor.floats(smooth, height, width);
    }

    /** A synthesized picture of the same texture without its shapes; the given one if none can be synthesized. */
    private Picture woven(ModelSession session, Picture view, Picture given) {
        if (settings.textureSteps() == 0) {
            return given;
        }
        try {
            StyleTransfer.Chosen layers =
                    new StyleTransfer.Chosen(List.of(), model.anatomy().textures());
            return WEAVING.withSteps(settings.textureSteps())
                    .run(session, view, given, layers, Start.NOISE, settings.seed(), Search.Watch.NONE, Progress.NONE)
                    .picture(0);
        } catch (VitrineException refusal) {
            return given;
        }
    }

    /**
     * The picture and its variants.
     *
     * @param view the network's input as a picture
     * @param object one entry per pixel
     * @param textures of the object, then the given one, if any
     */
    List<Variant> variants(Picture view, boolean[] object, List<Picture> textures) {
        List<Variant> variants = new ArrayList<>(List.of(new Variant("picture", "the picture", "", view)));
        IntStream.of(GRIDS)
                .mapToObj(cells -> new Variant(
                        "shuffled-" + cells,
                        cells + "×" + cells + " parts shuffled",
                        "Does the arrangement of the parts matter?",
                        Stress.shuffled(view, cells, settings.seed())))
                .forEach(variants::add);
        IntStream.of(GRIDS)
                .mapToObj(cells -> new Variant(
                        "covered-" + cells,
                        "half of " + cells + "×" + cells + " parts covered",
                        "Is half of the picture sufficient?",
                        Stress.covered(view, cells, settings.seed())))
                .forEach(variants::add);
        variants.add(new Variant(
                "silhouette", "silhouette", "Is the outline alone sufficient?", Stress.silhouette(view, object)));
        variants.add(new Variant(
                "texture", "its texture without its shape", "Is the texture alone sufficient?", textures.get(0)));
        texture.ifPresent(other -> variants.add(new Variant(
                "filled",
                "its shape, texture of " + other.name(0),
                "Does the network rely on shape or on texture?",
                Stress.filled(view, object, textures.get(1)))));
        return variants;
    }

    @Override
    public Stressed merge(Stressed left, Stressed right) {
        List<Stressed.Of> both = new ArrayList<>(left.pictures());
        both.addAll(right.pictures());
        return new Stressed(both);
    }

    @Override
    public Stressed finish(Stressed all, Seen seen) {
        return all;
    }
}
