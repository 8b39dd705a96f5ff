package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.HoldChannels;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ScoreGraph;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.ablation.ChangedNetworks.Changed;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Error as a growing number of channels of a layer is ablated, the most important first or the least important first.
 * Morcos et al. 2018, arXiv:1803.06959, do so for units.
 *
 * @param group number of channels added at each step; an eighth of the layer if absent
 * @param names layers; if empty, all with weights before the head
 */
public record ChannelAblation(
        Model model, KnownPictures known, AblationSettings settings, Optional<Integer> group, List<String> names)
        implements Study<Ablation> {
    private static final int FORMAT = 1;

    /** Measure of importance of a channel. */
    public enum Importance {
        /**
         * mean |Σ ∂loss/∂a · (level − a)| over the pictures: the first-order increase of the loss. Molchanov et al.
         * 2017, arXiv:1611.06440.
         */
        TAYLOR,
        /** The increase of the mean loss with only this channel ablated. */
        EXACT
    }

    /** Order in which channels are ablated. */
    public enum Order {
        STRONGEST_FIRST,
        WEAKEST_FIRST
    }

    /** A number of ablated channels and its outcome. */
    public record Step(int held, Outcome outcome) {}

    /**
     * A layer and its curves.
     *
     * @param importance importance of each channel
     * @param curves by ascending number of ablated channels, starting with none
     */
    public record Result(String layer, List<Double> importance, Map<Order, List<Step>> curves) {
        public Result {
            importance = List.copyOf(importance);
            curves = Collections.unmodifiableMap(new TreeMap<>(curves));
        }

        /** Channel indices, the most important first. */
        public List<Integer> ranking() {
            return IntStream.range(0, importance.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer channel) -> -importance.get(channel)))
                    .toList();
        }

        /**
         * The largest number of channels, least important first, whose ablation raises the error by at most
         * {@code points}.
         */
        public int dispensable(double points) {
            int most = 0;
            for (Step step : curves.getOrDefault(Order.WEAKEST_FIRST, List.of())) {
                if (step.outcome().rise() > points) {
                    break;
                }
                most = step.held();
            }
            return most;
        }
    }

    public ChannelAblation {
        names = List.copyOf(names);
    }

    @Override
    public String id() {
        return "ablate-channels";
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(known.pictures().list())
                .with("classes", known.classes())
                .with("settings", settings)
                .with("group", group)
                .with("layers", names);
    }

    /** The layers whose channels are ablated. */
    private List<Value> layers() {
        Anatomy found = model.anatomy();
        List<Value> layers = (names.isEmpty()
                        ? Removals.layers(model)
                        : names.stream().map(found::find).distinct().toList())
                .stream()
                        .filter(layer -> names.isEmpty() ? hasChannels(model, layer) : required(model, layer))
                        .toList();
        if (layers.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with weights and channels before its head; expected at least one. Name"
                    + " layers explicitly.");
        }
        return layers;
    }

    private static boolean hasChannels(Model model, Value value) {
        TensorType type = model.graph().types().get(value);
        return type != null
                && type.rank() >= 2
                && type.rank() <= 4
                && type.dimension(0).equals(model.batch())
                && type.dimension(HoldChannels.axis(type)).isFixed();
    }

    private static boolean required(Model model, Value value) {
        if (!hasChannels(model, value)) {
            throw VitrineException.usage("Layer '" + value + "': its shape is "
                    + model.graph().types().get(value)
                    + "; expected maps [N, C, height, width], tokens [N, T, C] or a row [N, C].");
        }
        return true;
    }

    /** Ablates one layer after the other. */
    @Override
    public dev.vitrine.study.Outcome<Ablation> run(StudyContext context) {
        List<Value> layers = layers();
        context.parts().begin(question());
        Sweep sweep = new Sweep(context, model, known);
        // Means of all layers, importances of all layers, then curves one layer at a time.
        double pass = 1.0 / (3 + layers.size() * (settings.importance() == Importance.EXACT ? 16 : 4));
        Map<Value, Tensor> levels = Levels.of(model, layers, settings.fill(), sweep, pass);
        Map<Value, double[]> taylor =
                settings.importance() == Importance.TAYLOR ? taylor(layers, levels, sweep, 2 * pass) : Map.of();
        List<Result> results = new ArrayList<>();
        Optional<String> missing = Optional.empty();
        for (int index = 0; index < layers.size() && missing.isEmpty(); index++) {
            Value layer = layers.get(index);
            try {
                results.add(
                        new Curves(layer, levels.get(layer), sweep, "layer-" + index, (1 - 3 * pass) / layers.size())
                                .run(Optional.ofNullable(taylor.get(layer))));
            } catch (CancellationException stopped) {
                if (results.isEmpty()) {
                    throw stopped;
                }
                missing = Optional.of(results.size() + " of " + layers.size() + " layers");
            }
        }
        return new dev.vitrine.study.Outcome<>(
                new Ablation(List.of(), results, Optional.empty()), sweep.unreadable(), missing);
    }

    private Map<Value, double[]> taylor(List<Value> layers, Map<Value, Tensor> levels, Sweep sweep, double share) {
        ScoreGraph forward = ScoreGraph.of(model, ClassScore.of(ClassScore.Scale.LOSS), layers);
        Differentiator.Result result =
                new Differentiator(BackwardRules.PLAIN).gradient(forward.graph(), forward.score(), layers);
        GraphBuilder builder = new GraphBuilder(result.graph()).scope("importance");
        Map<Value, Value> rows = new LinkedHashMap<>();
        for (Value layer : layers) {
            TensorType type = model.graph().types().get(layer);
            Tensor level = levels.get(layer);
            long channels = level.dimension(0);
            Tensor broad = type.rank() == 4 ? level.reshape(1, channels, 1, 1) : level;
            Value change = builder.node("Sub", builder.constant("level", broad), layer);
            Value product = builder.node("Mul", result.of(layer), change);
            long[] places = type.rank() == 4 ? new long[] {2, 3} : type.rank() == 3 ? new long[] {1} : new long[0];
            Value sum = places.length == 0
                    ? product
                    : builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0L), product, builder.vector(places));
            Value row = builder.node("Abs", sum);
            builder.declare(row, new TensorType(ElementType.FLOAT32, List.of(model.batch(), Dimension.of(channels))));
            rows.put(layer, row);
        }
        return sweep.means("importance", share, new Cut(List.copyOf(rows.values())).apply(builder.build()), rows);
    }

    /** Both curves of one layer. */
    private final class Curves {
        private final Value layer;
        private final HoldChannels hold;
        private final Graph graph;
        private final Value entry;
        private final Tensor level;
        private final int channels;
        private final Sweep sweep;
        private final String name;
        private final double share;

        Curves(Value layer, Tensor level, Sweep sweep, String name, double share) {
            this.layer = layer;
            this.hold = new HoldChannels(layer);
            this.graph = hold.apply(new Cut(List.of(model.logits())).apply(model.graph()));
            this.entry = Removals.entry(model, layer);
            this.level = level;
            this.channels = (int) level.dimension(0);
            this.sweep = sweep;
            this.name = name;
            this.share = share;
        }

        private List<Sweep.Compared> ask(String what, double part, List<Changed> changed) {
            List<Sweep.Compared> told = sweep.ask(name + "-" + what, "channels of " + layer, share * part, changed);
            if (sweep.missing().isPresent()) {
                throw new CancellationException("stopped");
            }
            return told;
        }

        Result run(Optional<double[]> known) {
            boolean exact = known.isEmpty();
            double[] strength = known.orElseGet(this::exact);
            List<Integer> strongest = IntStream.range(0, channels)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer channel) -> -strength[channel]))
                    .toList();
            List<Integer> weakest = new ArrayList<>(strongest);
            Collections.reverse(weakest);
            int step = Math.max(1, Math.min(channels, group.orElse((channels + 7) / 8)));
            List<Integer> counts = new ArrayList<>();
            for (int held = 0; held < channels; held += step) {
                counts.add(held);
            }
            counts.add(channels);
            List<Changed> changed = new ArrayList<>();
            for (Order order : Order.values()) {
                List<Integer> first = order == Order.STRONGEST_FIRST ? strongest : weakest;
                counts.forEach(held -> changed.add(changed(first.subList(0, held))));
            }
            List<Sweep.Compared> told = ask("curves", exact ? 0.25 : 1, changed);
            Map<Order, List<Step>> curves = new TreeMap<>();
            for (Order order : Order.values()) {
                List<Step> steps = new ArrayList<>();
                for (int index = 0; index < counts.size(); index++) {
                    steps.add(new Step(
                            counts.get(index),
                            told.get(order.ordinal() * counts.size() + index).outcome()));
                }
                curves.put(order, steps);
            }
            return new Result(layer.name(), Arrays.stream(strength).boxed().toList(), curves);
        }

        private Changed changed(List<Integer> held) {
            float[] kept = new float[channels];
            Arrays.fill(kept, 1);
            held.forEach(channel -> kept[channel] = 0);
            return new Changed(graph, entry, Map.of(hold.kept(), Tensor.floats(kept, channels), hold.level(), level));
        }

        private double[] exact() {
            List<Changed> changed = IntStream.range(0, channels)
                    .mapToObj(channel -> changed(List.of(channel)))
                    .toList();
            return ask("importance", 0.75, changed).stream()
                    .mapToDouble(one -> one.outcome().loss() - one.before().loss())
                    .toArray();
        }
    }
}
