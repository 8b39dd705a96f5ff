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
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ScoreGraph;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Error with more and more channels of a layer held, the most important first or the least important first: how many does
 * the network need? As Morcos et al. 2018, arXiv:1803.06959, ask of units.
 */
public final class ChannelAblation {
    /** What makes a channel important. */
    public enum Importance {
        /** mean |Σ ∂loss/∂a · (level − a)| over the pictures: the rise of loss to first order. Molchanov et al. 2017, arXiv:1611.06440. */
        TAYLOR,
        /** The rise of the mean loss with this channel alone held. */
        EXACT
    }

    /** Which channels go first. */
    public enum Order {
        STRONGEST_FIRST,
        WEAKEST_FIRST
    }

    /** A number of channels held, and what came of it. */
    public record Step(int held, Outcome outcome) {}

    /**
     * A layer and its curves.
     *
     * @param importance of each channel
     * @param curves by rising number of channels held, none held included
     */
    public record Result(String layer, List<Double> importance, Map<Order, List<Step>> curves) {
        public Result {
            importance = List.copyOf(importance);
            curves = Collections.unmodifiableMap(new TreeMap<>(curves));
        }

        /** Channels, the most important first. */
        public List<Integer> ranking() {
            return IntStream.range(0, importance.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer channel) -> -importance.get(channel)))
                    .toList();
        }

        /** The most channels that were held, the weakest first, with the error no more than {@code points} higher. */
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

    private final ModelSession session;
    private final Fill fill;
    private final Importance importance;
    private final Optional<Integer> group;
    private final Sweep sweep;
    private final List<Value> layers;

    /**
     * @param names of layers; all with weights before the head where there are none
     * @param group channels that are held more at each step; an eighth of the layer where it is left out
     */
    public ChannelAblation(
            ModelSession session,
            KnownPictures known,
            Fill fill,
            Importance importance,
            Optional<Integer> group,
            List<String> names) {
        this.session = session;
        this.fill = fill;
        this.importance = importance;
        this.group = group;
        this.sweep = new Sweep(session, known);
        Model model = session.model();
        Layers found = new Layers(model);
        this.layers = (names.isEmpty()
                        ? Removals.layers(model)
                        : names.stream().map(found::find).distinct().toList())
                .stream()
                        .filter(layer -> names.isEmpty() ? hasChannels(model, layer) : required(model, layer))
                        .toList();
        if (layers.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with weights and channels before its head; name layers with --layer.");
        }
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
            throw VitrineException.usage("--layer " + value + ": its shape is "
                    + model.graph().types().get(value)
                    + "; expected maps [N, C, height, width], tokens [N, T, C] or a row [N, C].");
        }
        return true;
    }

    public List<Value> layers() {
        return layers;
    }

    /** Why pictures were left out, one sentence each. */
    public List<String> unreadable() {
        return List.copyOf(sweep.unreadable().values());
    }

    /** Layer by layer. */
    public void run(Progress progress, Consumer<Result> each) {
        Model model = session.model();
        // Means of all layers, importances of all layers, then curves one layer at a time.
        int passes = 3 + layers.size() * (importance == Importance.EXACT ? 16 : 4);
        Map<Value, Tensor> levels =
                Levels.of(model, layers, fill, sweep, (done, total) -> progress.report(done, total * passes));
        Map<Value, double[]> taylor = new HashMap<>();
        if (importance == Importance.TAYLOR) {
            taylor.putAll(taylor(levels, (done, total) -> progress.report(total + 2 * done, total * passes)));
        }
        for (int index = 0; index < layers.size(); index++) {
            long before = 3 + (long) index * (passes - 3) / layers.size();
            long share = (passes - 3) / layers.size();
            Progress within = (done, total) -> progress.report(before * total + share * done, total * passes);
            each.accept(new Curves(layers.get(index), levels.get(layers.get(index)))
                    .run(Optional.ofNullable(taylor.get(layers.get(index))), within));
        }
    }

    private Map<Value, double[]> taylor(Map<Value, Tensor> levels, Progress progress) {
        Model model = session.model();
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
        Graph graph = new Cut(List.copyOf(rows.values())).apply(builder.build());
        Map<Value, double[]> sums = new HashMap<>();
        List<Integer> seen = new ArrayList<>();
        sweep.pass(
                graph,
                Map.of(new Value(Objective.TARGET), sweep.targets()),
                (results, places) -> {
                    seen.addAll(places);
                    rows.forEach((layer, row) -> {
                        float[] found = results.get(row).toFloats();
                        double[] sum = sums.computeIfAbsent(layer, key -> new double[Levels.channels(model, layer)]);
                        for (int index = 0; index < places.size() * sum.length; index++) {
                            sum[index % sum.length] += found[index];
                        }
                    });
                },
                progress);
        sums.values().forEach(sum -> {
            for (int channel = 0; channel < sum.length; channel++) {
                sum[channel] /= seen.size();
            }
        });
        return sums;
    }

    /** The curves of one layer. */
    private final class Curves {
        private final Value layer;
        private final HoldChannels hold;
        private final Graph graph;
        private final Value entry;
        private final Tensor level;
        private final int channels;

        Curves(Value layer, Tensor level) {
            Model model = session.model();
            this.layer = layer;
            this.hold = new HoldChannels(layer);
            this.graph = hold.apply(new Cut(List.of(model.logits())).apply(model.graph()));
            this.entry = Removals.entry(model, layer);
            this.level = level;
            this.channels = (int) level.dimension(0);
        }

        Result run(Optional<double[]> known, Progress progress) {
            boolean exact = known.isEmpty();
            double[] strength = known.orElseGet(() -> exact((done, total) -> progress.report(3 * done, 4 * total)));
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
            List<Sweep.Changed> changed = new ArrayList<>();
            for (Order order : Order.values()) {
                List<Integer> first = order == Order.STRONGEST_FIRST ? strongest : weakest;
                counts.forEach(held -> changed.add(changed(first.subList(0, held))));
            }
            Outcome[] outcomes = new Outcome[changed.size()];
            sweep.ask(
                    changed,
                    (index, without, whole) -> outcomes[index] = without.against(whole),
                    (done, total) -> progress.report(exact ? 3 * total + done : done, exact ? 4 * total : total));
            Map<Order, List<Step>> curves = new TreeMap<>();
            for (Order order : Order.values()) {
                List<Step> steps = new ArrayList<>();
                for (int index = 0; index < counts.size(); index++) {
                    Outcome outcome = outcomes[order.ordinal() * counts.size() + index];
                    steps.add(new Step(counts.get(index), outcome));
                }
                curves.put(order, steps);
            }
            return new Result(layer.name(), Arrays.stream(strength).boxed().toList(), curves);
        }

        private Sweep.Changed changed(List<Integer> held) {
            float[] kept = new float[channels];
            Arrays.fill(kept, 1);
            held.forEach(channel -> kept[channel] = 0);
            return new Sweep.Changed(
                    graph, entry, Map.of(hold.kept(), Tensor.floats(kept, channels), hold.level(), level));
        }

        private double[] exact(Progress progress) {
            List<Sweep.Changed> changed = IntStream.range(0, channels)
                    .mapToObj(channel -> changed(List.of(channel)))
                    .toList();
            double[] rises = new double[channels];
            sweep.ask(
                    changed,
                    (index, without, whole) -> rises[index] =
                            without.against(whole).loss() - whole.against(whole).loss(),
                    progress);
            return rises;
        }
    }
}
