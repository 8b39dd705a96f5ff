package dev.vitrine.study.stress;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Stress;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.page.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Does a network go by parts, by their order, by outline or by texture? What it says of pictures that were changed in ways
 * that leave a person little doubt, or none.
 *
 * @param finder of the object in each picture
 * @param texture one picture, which fills the object's shape
 */
public record StressStudy(
        Model model, PictureList pictures, ObjectFinder finder, Optional<PictureList> texture, Settings settings)
        implements Survey<Stressed, Stressed> {
    private static final int FORMAT = 1;
    private static final int[] GRIDS = {2, 4, 8};
    private static final int TEXTURE_CELLS = 4;

    public StressStudy {
        Preprocessing input = model.preprocessing();
        if (!input.channels().isOfColors()) {
            throw VitrineException.usage("Model '" + model.name() + "' takes " + input.channels()
                    + "; expected rgb, bgr or grey, since stress paints pictures in color.");
        }
        int least = GRIDS[GRIDS.length - 1];
        if (Math.min(input.width(), input.height()) < least) {
            throw VitrineException.usage("The network's input is " + input.width() + "×" + input.height()
                    + " pixels; expected at least " + least + " each way, to be cut into parts.");
        }
    }

    /** How pictures are changed. */
    public record Settings(
            @Setting(meaning = "seed of the order of parts; the same seed gives the same bytes")
            long seed) {
        public static final Settings USUAL = new Settings(0);
    }

    /** A changed picture, or the picture itself. */
    record Variant(String id, String title, Picture picture) {}

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
                .with("seed", settings.seed());
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
        boolean[] object = finder.find(view, () -> heat(session, input, target));
        List<Stressed.Answered> answers = new ArrayList<>();
        for (Variant variant : variants(view, object)) {
            Tensor scores = session.logits(model.preprocessing().apply(variant.picture()));
            double shown = Targets.shown(scores, model)[target];
            answers.add(new Stressed.Answered(variant.id(), variant.title(), shown, new Answer(model, scores).top()));
        }
        return new Stressed.Of(item.index(), item.name(), target, Stressed.runs(object), answers);
    }

    private Tensor heat(ModelSession session, Tensor input, int target) {
        Attribution map = new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.empty());
        Tensor attribution = session.explainer(map, ClassScore.of(ClassScore.Scale.LOGIT))
                .explain(input, ModelSession.targets(target), Progress.NONE)
                .attribution();
        return PixelHeat.of(map, attribution, model);
    }

    /**
     * The picture and its changes.
     *
     * @param view as the network sees it
     * @param object one entry a pixel
     */
    List<Variant> variants(Picture view, boolean[] object) {
        List<Variant> variants = new ArrayList<>(List.of(new Variant("picture", "the picture", view)));
        IntStream.of(GRIDS)
                .mapToObj(cells -> new Variant(
                        "shuffled-" + cells,
                        cells + "×" + cells + " parts shuffled",
                        Stress.shuffled(view, cells, settings.seed())))
                .forEach(variants::add);
        IntStream.of(GRIDS)
                .mapToObj(cells -> new Variant(
                        "covered-" + cells,
                        "half of " + cells + "×" + cells + " parts covered",
                        Stress.covered(view, cells, settings.seed())))
                .forEach(variants::add);
        variants.add(new Variant("silhouette", "silhouette", Stress.silhouette(view, object)));
        variants.add(
                new Variant("texture", "its texture without its shape", Stress.texture(view, object, TEXTURE_CELLS)));
        texture.ifPresent(other -> variants.add(new Variant(
                "filled", "its shape, texture of " + other.name(0), Stress.filled(view, object, other.read(0)))));
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
