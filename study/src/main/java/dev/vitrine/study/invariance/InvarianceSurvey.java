package dev.vitrine.study.invariance;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.transformation.RotationSymmetry;
import dev.vitrine.lens.transformation.Transformation;
import dev.vitrine.lens.transformation.Transformations;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Distances of features, and the probability of the class, under transformations of pictures. Zeiler and Fergus 2014,
 * arXiv:1311.2901, figure 5.
 *
 * @param layers whose activations are compared, the first first
 * @param transformations by id
 * @param classes one for all pictures; none for the class of a picture's folder, or else the most likely one
 */
public record InvarianceSurvey(
        Model model, PictureList pictures, List<ChannelLayer> layers, List<String> transformations, Targets classes)
        implements Survey<Invariances, Invariances> {
    private static final int FORMAT = 1;
    private static final int TOGETHER = 4;

    public InvarianceSurvey {
        layers = List.copyOf(layers);
        transformations = List.copyOf(transformations);
        transformations.forEach(Transformations::find);
        if (classes.areSeveral()) {
            throw VitrineException.usage("Found several classes; expected one, or none for the class of each picture.");
        }
    }

    /** The first and the last stage of a network. */
    public static List<ChannelLayer> usual(Model model) {
        List<ChannelLayer> stages = ChannelLayer.stages(model);
        return stages.size() < 2 ? stages : List.of(stages.get(0), stages.get(stages.size() - 1));
    }

    @Override
    public String id() {
        return "invariance";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("layers", layers.stream().map(ChannelLayer::name).toList())
                .with("transformations", transformations.toString())
                .with("classes", classes);
    }

    @Override
    public Class<Invariances> part() {
        return Invariances.class;
    }

    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public Look<Invariances> open(ModelSession session, int batch) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("invariance");
        builder.clearOutputs();
        Stream.concat(layers.stream().map(ChannelLayer::value), Stream.of(model.logits()))
                .distinct()
                .forEach(builder::output);
        int together = model.batch().isFixed() ? (int) model.batch().size() : TOGETHER;
        return new Looking(
                session,
                together,
                session.runner()
                        .load(new Prune()
                                .then(new FixDimension(model.batch(), together))
                                .apply(builder.build())));
    }

    private final class Looking implements Look<Invariances> {
        private final ModelSession session;
        private final int together;
        private final Executable executable;

        Looking(ModelSession session, int together, Executable executable) {
            this.session = session;
            this.together = together;
            this.executable = executable;
        }

        @Override
        public Invariances at(Batch batch) {
            return at(batch, Progress.NONE);
        }

        @Override
        public Invariances at(Batch batch, Progress within) {
            batch.refuseBands();
            return new Invariances(
                    batch.items().stream().map(item -> of(item, within)).toList());
        }

        private Invariances.OfPicture of(Batch.Item item, Progress within) {
            Picture view = item.view().orElseThrow();
            Tensor logits = session.logits(model.preprocessing().applyToViews(List.of(view)));
            FiniteScores.require(item.name(), logits);
            int label = label(item, logits);
            List<Invariances.Curve> curves = new ArrayList<>();
            for (String id : transformations) {
                curves.add(curve(item, view, Transformations.find(id), label));
                within.report(curves.size(), transformations.size());
            }
            return new Invariances.OfPicture(item.index(), item.name(), label, curves, symmetry(curves));
        }

        private Invariances.Curve curve(Batch.Item item, Picture view, Transformation transformation, int label) {
            List<float[]> origin = features(List.of(transformation.version(view, transformation.origin())))
                    .get(0);
            List<List<Double>> distances = layers.stream()
                    .map(layer -> (List<Double>) new ArrayList<Double>())
                    .toList();
            List<Double> probabilities = new ArrayList<>();
            int count = transformation.amounts().size();
            for (int first = 0; first < count; first += together) {
                List<Picture> versions = IntStream.range(first, Math.min(count, first + together))
                        .parallel()
                        .mapToObj(index -> transformation.version(view, index))
                        .toList();
                for (List<float[]> features : features(versions)) {
                    for (int layer = 0; layer < layers.size(); layer++) {
                        distances.get(layer).add(distance(features.get(layer), origin.get(layer)));
                    }
                    float[] scores = features.get(layers.size());
                    Tensor row = Tensor.floats(scores, 1, scores.length);
                    FiniteScores.require(item.name() + " under " + transformation.id(), row);
                    probabilities.add(Targets.shown(row, model)[label]);
                }
            }
            return new Invariances.Curve(transformation.id(), distances, probabilities);
        }

        /** For each picture the activations of each layer, and the logits. */
        private List<List<float[]>> features(List<Picture> versions) {
            List<Picture> full = new ArrayList<>(versions);
            while (full.size() < together) {
                full.add(versions.get(versions.size() - 1));
            }
            Map<Value, Tensor> found =
                    executable.run(Map.of(model.input(), model.preprocessing().applyToViews(full)));
            return IntStream.range(0, versions.size())
                    .mapToObj(row -> Stream.concat(layers.stream().map(ChannelLayer::value), Stream.of(model.logits()))
                            .map(value -> found.get(value).rows(row, row + 1L).toFloats())
                            .toList())
                    .toList();
        }

        @Override
        public void close() {
            executable.close();
        }
    }

    private static double distance(float[] one, float[] origin) {
        double squares = 0;
        double norm = 0;
        for (int index = 0; index < one.length; index++) {
            double difference = one[index] - origin[index];
            squares += difference * difference;
            norm += (double) origin[index] * origin[index];
        }
        return norm == 0 ? Math.sqrt(squares) : Math.sqrt(squares / norm);
    }

    private int label(Batch.Item item, Tensor logits) {
        if (classes.named().isEmpty()) {
            String folder = pictures.className(item.index());
            if (!folder.isEmpty()) {
                try {
                    int found = model.labels().findFolder(folder);
                    if (found < model.classes()) {
                        return found;
                    }
                } catch (VitrineException otherName) {
                    // The folder names no class: the most likely one.
                }
            }
        }
        return classes.of(logits, model).get(0);
    }

    private Optional<RotationSymmetry> symmetry(List<Invariances.Curve> curves) {
        return curves.stream()
                .filter(curve -> curve.transformation().equals("rotation"))
                .findFirst()
                .flatMap(curve -> RotationSymmetry.of(curve.distances().get(layers.size() - 1)));
    }

    @Override
    public Invariances merge(Invariances left, Invariances right) {
        return new Invariances(Stream.concat(left.pictures().stream(), right.pictures().stream())
                .toList());
    }

    @Override
    public Invariances finish(Invariances all, Seen seen) {
        return all;
    }
}
