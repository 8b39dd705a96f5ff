package dev.vitrine.study.growth;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LearnedLayer;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.filter.FilterPainter;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.PooledLayers;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The development of a network over the checkpoints of its training. For each checkpoint: the picture with the
 * strongest response of a channel and its deconvnet projection, as in figure 4 of Zeiler and Fergus 2014; the
 * similarity of each layer to its final state; the dead channels. The last checkpoint is processed first, since the
 * others are compared with it.
 */
public final class Growth {
    /** Cells per side over which maps are averaged before they are compared. */
    private static final int GRID = 2;

    /** Number of filters drawn: enough to show differences, few enough for one page. */
    private static final int MOST_FILTERS = 32;

    private static final int FILTER_SIDE = 35;

    /**
     * The units and pictures to examine.
     *
     * @param units channels whose strongest responses are drawn
     * @param compared pictures whose features are compared
     * @param side longer side of a drawing, in pixels
     */
    public record Plan(List<Unit> units, int compared, int side) {
        public Plan {
            units = List.copyOf(units);
        }
    }

    /** A channel of a layer. */
    public record Unit(String layer, int channel) {}

    private final PictureSource source;
    private final Plan plan;
    private final String lastName;
    private final Architecture architecture;
    private final Map<String, double[]> lastWeights;
    private final Map<String, Representation> lastFeatures;
    private final Snapshot last;
    private final Set<String> unreadable = new LinkedHashSet<>();

    /** Processes the last checkpoint. */
    public Growth(String name, ModelSession session, PictureSource source, Plan plan, Progress progress) {
        this.source = source;
        this.plan = plan;
        this.lastName = name;
        this.architecture = Architecture.of(session.model());
        this.lastWeights = weights(session.model());
        this.lastFeatures = new LinkedHashMap<>();
        Look look = new Look(name, session);
        lastFeatures.putAll(look.features(progress));
        this.last = look.snapshot(lastFeatures, progress);
    }

    /** Reasons for skipped pictures, one sentence each. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** The snapshot of the last checkpoint. */
    public Snapshot last() {
        return last;
    }

    /** The snapshot of an earlier checkpoint. */
    public Snapshot look(String name, ModelSession session, Progress progress) {
        architecture.difference(Architecture.of(session.model())).ifPresent(difference -> {
            throw VitrineException.usage("Checkpoint '" + name + "' differs in architecture from '" + lastName + "': "
                    + difference + ". Give checkpoints of one training.");
        });
        Look look = new Look(name, session);
        return look.snapshot(look.features(progress), progress);
    }

    /** Layers whose channels can be drawn: those with height and width, after the rectifier if there is one. */
    public static List<ChannelLayer> drawable(Model model) {
        return ChannelLayer.stages(model).stream()
                .filter(ChannelLayer::isSpatial)
                .filter(layer -> !layer.value().equals(model.logits()))
                .toList();
    }

    private static Map<String, double[]> weights(Model model) {
        Map<String, double[]> weights = new LinkedHashMap<>();
        List<LearnedLayer> layers = new ArrayList<>(model.anatomy().learned());
        Collections.reverse(layers);
        for (LearnedLayer layer : layers) {
            double[] all = layer.weights().stream()
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .flatMapToDouble(value -> {
                        float[] floats = model.graph().constants().get(value).toFloats();
                        return IntStream.range(0, floats.length).mapToDouble(index -> floats[index]);
                    })
                    .toArray();
            weights.put(layer.name(), all);
        }
        return weights;
    }

    /** Processes one checkpoint. */
    private final class Look {
        private final String name;
        private final ModelSession session;
        private final Model model;
        private final List<ChannelLayer> layers;

        Look(String name, ModelSession session) {
            this.name = name;
            this.session = session;
            this.model = session.model();
            this.layers = ChannelLayer.stages(model);
        }

        /** The representations of the compared pictures in each layer: half of the work. */
        Map<String, Representation> features(Progress progress) {
            List<Value> values = layers.stream().map(ChannelLayer::value).toList();
            PooledLayers pooled = PooledLayers.of(model, values, List.of(GRID));
            List<List<Tensor>> rows = new ArrayList<>();
            values.forEach(value -> rows.add(new ArrayList<>()));
            int count = Math.min(plan.compared(), source.size());
            for (int index = 0; index < count; index++) {
                Tensor input;
                try {
                    int place = (int) ((long) index * source.size() / count);
                    input = model.preprocessing().apply(source.read(place));
                } catch (VitrineException unreadable) {
                    // The search for the strongest pictures reports it.
                    continue;
                }
                Executable executable = session.executable(
                        pooled.key(), ClassScore.of(ClassScore.Scale.LOGIT), List.of(model.batch()), 1, pooled::graph);
                Map<Value, Tensor> results = executable.run(Map.of(model.input(), session.filled(input)));
                if (results.values().stream().anyMatch(Look::hasNaN)) {
                    // The search reports it too.
                    continue;
                }
                for (int layer = 0; layer < values.size(); layer++) {
                    rows.get(layer).add(results.get(pooled.outputs().get(layer)).rows(0, 1));
                }
                progress.report(index + 1, 2L * count);
            }
            Map<String, Representation> features = new LinkedHashMap<>();
            for (int layer = 0; layer < values.size(); layer++) {
                if (!rows.get(layer).isEmpty()) {
                    features.put(values.get(layer).name(), Representation.of(Tensor.concatenate(rows.get(layer))));
                }
            }
            return features;
        }

        private static boolean hasNaN(Tensor numbers) {
            for (float value : numbers.rows(0, 1).toFloats()) {
                if (Float.isNaN(value)) {
                    return true;
                }
            }
            return false;
        }

        Snapshot snapshot(Map<String, Representation> features, Progress progress) {
            Outcome<Examples> outcome = ExampleSearch.of(model, source, layers, 1, 0)
                    .run(StudyContext.of(
                            session, (done, total) -> progress.report(total + done, 2 * total), Parts.none()));
            if (outcome.isPartial()) {
                throw new CancellationException("stopped");
            }
            Examples examples = outcome.result();
            unreadable.addAll(outcome.unreadable());
            return new Snapshot(name, distances(), states(features, examples), units(examples), filters());
        }

        private List<Snapshot.Distance> distances() {
            List<Snapshot.Distance> distances = new ArrayList<>();
            weights(model).forEach((layer, now) -> {
                double[] then = lastWeights.get(layer);
                double square = 0;
                double norm = 0;
                for (int index = 0; index < then.length; index++) {
                    square += (now[index] - then[index]) * (now[index] - then[index]);
                    norm += then[index] * then[index];
                }
                distances.add(new Snapshot.Distance(layer, norm > 0 ? Math.sqrt(square / norm) : Math.sqrt(square)));
            });
            return distances;
        }

        private List<Snapshot.LayerState> states(Map<String, Representation> features, Examples examples) {
            Map<Value, Node> producers = model.graph().producers();
            List<Snapshot.LayerState> states = new ArrayList<>();
            for (int index = 0; index < layers.size(); index++) {
                ChannelLayer layer = layers.get(index);
                int probe = index;
                boolean rectified =
                        OperatorTable.row(producers.get(layer.value())).kind() == Operator.Kind.ACTIVATION;
                Optional<Integer> dead = rectified
                        ? Optional.of((int) IntStream.range(0, layer.channels())
                                .filter(channel -> examples.strongest(probe, channel).stream()
                                        .noneMatch(example -> example.value() > 0))
                                .count())
                        : Optional.empty();
                states.add(new Snapshot.LayerState(
                        layer.name(),
                        layer.channels(),
                        features.get(layer.name()).likeness(lastFeatures.get(layer.name())),
                        dead));
            }
            return states;
        }

        private List<Snapshot.UnitState> units(Examples examples) {
            Map<String, ExamplePainter> painters = new LinkedHashMap<>();
            List<Snapshot.UnitState> units = new ArrayList<>();
            List<String> names = layers.stream().map(ChannelLayer::name).toList();
            for (Unit unit : plan.units()) {
                ChannelLayer layer = layers.get(names.indexOf(unit.layer()));
                List<Example> found = examples.strongest(names.indexOf(unit.layer()), unit.channel());
                painters.computeIfAbsent(
                                unit.layer(), key -> new ExamplePainter(session, source, Probe.of(layer), plan.side()))
                        .draw(unit.channel(), found)
                        .forEach(drawn -> units.add(new Snapshot.UnitState(
                                unit.layer(),
                                unit.channel(),
                                drawn.example().picture(),
                                drawn.name(),
                                drawn.example().value(),
                                drawn.patch(),
                                drawn.projection())));
            }
            return units;
        }

        private List<BufferedImage> filters() {
            Optional<LinearStep> step = LinearStep.of(model, LinearStep.first(model));
            FilterPainter painter = new FilterPainter(model, FILTER_SIDE);
            List<BufferedImage> filters = new ArrayList<>();
            int count = step.map(found -> (int) found.kernels().dimension(0)).orElse(0);
            for (int index = 0; index < Math.min(MOST_FILTERS, count); index++) {
                painter.colors(step.orElseThrow(), index).ifPresent(filters::add);
            }
            return filters;
        }
    }
}
