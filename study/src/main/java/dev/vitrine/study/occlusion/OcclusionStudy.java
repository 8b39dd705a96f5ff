package dev.vitrine.study.occlusion;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.perturbation.OcclusionMaps;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * Occlusion sensitivity: predictions with each part of a picture occluded in turn, the maps of Zeiler and Fergus 2014,
 * arXiv:1311.2901, figure 7.
 *
 * @param layer of the feature map, with channels, height and width
 * @param classes one per picture
 */
public record OcclusionStudy(Model model, PictureList pictures, Occlusion method, Value layer, Targets classes)
        implements Survey<Occlusions, Occlusions> {
    private static final int FORMAT = 1;

    public OcclusionStudy {
        if (!model.anatomy().isSpatial(layer)) {
            throw VitrineException.usage(
                    "Layer '" + layer.name() + "' of model '" + model.name()
                            + "': expected a layer with channels, height and width. List the layers with: vitrine layers MODEL");
        }
        if (classes.areSeveral()) {
            throw VitrineException.usage(
                    "Found several classes to explain; expected one, or none for the most likely class of each picture.");
        }
        method.windows(model);
    }

    /** The occluder. */
    public record Settings(
            @Setting(
                    label = "PIXELS",
                    least = 1,
                    otherwise = "a seventh of the shorter side, about the size of object parts",
                    meaning = "side of the occluder, in pixels of the network's input")
            OptionalInt window,

            @Setting(
                    label = "PIXELS",
                    least = 1,
                    otherwise = "a quarter of a window",
                    meaning = "distance between positions of the occluder, in pixels")
            OptionalInt stride,

            @Setting(label = "SHAPE", meaning = "shape of the occluder: square or disc")
            Occlusion.Shape shape) {
        public static final Settings USUAL =
                new Settings(OptionalInt.empty(), OptionalInt.empty(), Occlusion.Shape.SQUARE);

        public Settings {
            dev.vitrine.lens.setting.Settings.require(Settings.class, window, stride, shape);
        }

        /** @param cover fill of the occluder */
        public Occlusion on(Model model, Baseline cover) {
            int shorter = Math.min(
                    model.preprocessing().height(), model.preprocessing().width());
            int side = window.orElse(Math.max(1, shorter / 7));
            return new Occlusion(
                    OptionalInt.of(side),
                    OptionalInt.of(stride.orElse(Math.max(1, side / 4))),
                    cover,
                    shape,
                    Occlusion.Measure.DROP);
        }
    }

    /** The default layer: the last one with height and width before the head. */
    public static Value usualLayer(Model model) {
        return model.anatomy().lastSpatial();
    }

    @Override
    public String id() {
        return "occlude";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("options", method.optionsOn(model))
                .with("baseline", cover())
                .with("layer", layer.name())
                .with("classes", classes);
    }

    private String cover() {
        Baseline cover = method.baseline();
        if (cover instanceof Baseline.Given given) {
            return Digest.of(given.tensor().bytes());
        }
        return cover instanceof Baseline.Several several
                ? several.inputs().stream()
                        .map(input -> Digest.of(input.bytes()))
                        .toList()
                        .toString()
                : cover.toString();
    }

    @Override
    public Class<Occlusions> part() {
        return Occlusions.class;
    }

    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Look<Occlusions> open(ModelSession session, int batch) {
        return new Looking(session);
    }

    private final class Looking implements Look<Occlusions> {
        private final ModelSession session;
        private Optional<Occlusions> begun = Optional.empty();

        Looking(ModelSession session) {
            this.session = session;
        }

        @Override
        public Occlusions at(Batch batch) {
            return at(batch, Progress.NONE);
        }

        @Override
        public Occlusions at(Batch batch, Progress within) {
            List<OccludedPicture> covered = new ArrayList<>();
            for (Batch.Item item : batch.items()) {
                covered.add(covered(item, batch.images().rows(item.row(), item.row() + 1L), within));
                Occlusions all = new Occlusions(covered);
                if (covered.get(covered.size() - 1).done()
                        < method.windows(model).count()) {
                    begun = Optional.of(all);
                    throw new CancellationException("stopped");
                }
            }
            return new Occlusions(covered);
        }

        private OccludedPicture covered(Batch.Item item, Tensor input, Progress within) {
            Tensor logits = session.logits(input);
            FiniteScores.require(item.name(), logits);
            int target = classes.of(logits, model).get(0);
            OcclusionMaps.Feature feature = OcclusionMaps.Feature.strongest(session, layer, input);
            OcclusionMaps maps = OcclusionMaps.of(session, method, feature, input, within);
            return new OccludedPicture(
                    item.index(),
                    item.name(),
                    logits,
                    target,
                    feature.channel(),
                    feature.map(),
                    maps.known(),
                    maps.shown(target, model),
                    maps.likeliest(model),
                    maps.sums());
        }

        @Override
        public Optional<Occlusions> begun() {
            return begun;
        }
    }

    @Override
    public Occlusions merge(Occlusions left, Occlusions right) {
        List<OccludedPicture> both = new ArrayList<>(left.pictures());
        both.addAll(right.pictures());
        return new Occlusions(both);
    }

    @Override
    public Occlusions finish(Occlusions all, Seen seen) {
        return all;
    }
}
