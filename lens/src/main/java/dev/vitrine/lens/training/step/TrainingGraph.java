package dev.vitrine.lens.training.step;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.NodeSelector;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.WeightsBySamples;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.lowering.BlockConvolutions;
import dev.vitrine.engine.rewrite.lowering.ComposeBatchStatistics;
import dev.vitrine.engine.rewrite.lowering.ComposeLocalResponse;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.training.network.Network;
import dev.vitrine.lens.training.network.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One training step as one graph: inputs are pictures, labels, weights and optimizer state; outputs are the loss, the
 * new weights and the new optimizer state.
 *
 * @param image {@code f32[B,C,H,W]}
 * @param label {@code i64[B]}
 * @param blend inputs for blending partners: classes {@code i64[B]} and shares {@code f32[B]}; none without blending
 * @param teacher input for a teacher's logits, {@code f32[B,K]}; none without one
 * @param numbers scalars that change at each step, as {@link Optimizer#numbers()}
 * @param masks factors of the dropout layers, with the share that each zeroes
 * @param next the successor of each value of the state
 * @param start the state before the first step
 * @param loss {@code f32[]}
 * @param correct number of pictures of the batch classified correctly, {@code f32[]}
 */
public record TrainingGraph(
        Graph graph,
        Value image,
        Value label,
        List<Value> blend,
        Optional<Value> teacher,
        List<Value> numbers,
        Map<Value, Double> masks,
        Map<Value, Value> next,
        Map<Value, Tensor> start,
        Value loss,
        Value correct) {
    /**
     * @param batch pictures per step
     * @param pictures single or blended; for blended ones the graph has two more inputs
     * @param filterRadius maximum root mean square of a convolution's filter, to which larger ones are scaled after
     *     each step. Zeiler and Fergus 2013, arXiv:1311.2901, section 3
     * @param channelBlock {@link dev.vitrine.engine.runtime.Runner#channelBlock()} of the runner
     */
    public record Settings(
            int batch,
            Loss loss,
            Pictures pictures,
            Optimizer optimizer,
            OptionalDouble filterRadius,
            int channelBlock) {
        public Settings(int batch, Loss loss, Optimizer optimizer, OptionalDouble filterRadius, int channelBlock) {
            this(batch, loss, Pictures.SINGLE, optimizer, filterRadius, channelBlock);
        }
    }

    /** Whether the pictures of a batch are blended with each other. */
    public enum Pictures {
        SINGLE,
        BLENDED
    }

    public TrainingGraph {
        blend = List.copyOf(blend);
        numbers = List.copyOf(numbers);
    }

    public static TrainingGraph of(Network network, Parameters parameters, Settings settings) {
        return new Writer(network, parameters, settings).write();
    }

    private static final class Writer {
        private static final Attributes AWAY = Attributes.NONE.with("keepdims", 0);

        private final Network network;
        private final Parameters parameters;
        private final Settings settings;
        private final Graph inference;
        private final Map<Value, Double> masks = new LinkedHashMap<>();
        private final Map<Value, Value> next = new LinkedHashMap<>();
        private final Map<Value, Tensor> start = new LinkedHashMap<>();

        Writer(Network network, Parameters parameters, Settings settings) {
            this.network = network;
            this.parameters = parameters;
            this.settings = settings;
            Graph graph = network.graph();
            TensorType input = graph.types().get(network.input());
            this.inference = TypeInference.infer(new FixDimension(input.dimension(0), settings.batch()).apply(graph));
        }

        TrainingGraph write() {
            GraphBuilder builder = new GraphBuilder(learning()).clearOutputs();
            Value label = builder.input("label", TensorType.of(ElementType.INT64, settings.batch()));
            List<Value> blend = settings.pictures() == Pictures.SINGLE
                    ? List.of()
                    : List.of(
                            builder.input("blend.label", TensorType.of(ElementType.INT64, settings.batch())),
                            builder.input("blend.share", TensorType.of(ElementType.FLOAT32, settings.batch())));
            Optional<Value> teacher = settings.loss()
                    .distillation()
                    .map(soft -> builder.input("teacher", inference.types().get(network.logits())));
            Loss.Answers answers = new Loss.Answers(
                    label, blend.stream().findFirst(), blend.stream().skip(1).findFirst(), teacher);
            Value loss = settings.loss().emit(network.logits(), answers, builder.scope("loss"));
            Value guess = builder.node("ArgMax", Attributes.NONE.with("axis", 1).with("keepdims", 0), network.logits());
            Value right = builder.node("Cast", Attributes.NONE.with("to", 1), builder.node("Equal", guess, label));
            Value correct = builder.node("ReduceSum", AWAY, right, builder.vector(0));
            builder.output(loss).output(correct);
            next.values().forEach(builder::output);
            Graph forward = TypeInference.infer(builder.build());
            BackwardRules rules = BackwardRules.PLAIN.with(
                    NodeSelector.operators("Conv"), new WeightsBySamples(settings.channelBlock()));
            Differentiator.Result backward = new Differentiator(rules).gradient(forward, loss, parameters.weights());
            GraphBuilder writer = new GraphBuilder(backward.graph());
            List<Value> numbers = new ArrayList<>();
            for (String name : settings.optimizer().numbers()) {
                numbers.add(writer.input(name, TensorType.of(ElementType.FLOAT32)));
            }
            writer.scope("update");
            for (Value weight : parameters.weights()) {
                update(weight, backward.of(weight), numbers, writer);
            }
            Graph typed = TypeInference.infer(new Prune().apply(writer.build()));
            Graph step = new ComposeLocalResponse()
                    .then(new ComposeBatchStatistics())
                    .then(new BlockConvolutions(settings.channelBlock()))
                    .apply(typed);
            return new TrainingGraph(
                    step, network.input(), label, blend, teacher, numbers, masks, next, start, loss, correct);
        }

        /** The network in training mode: weights as inputs, batch statistics, dropout. */
        private Graph learning() {
            List<Value> inputs = new ArrayList<>(inference.inputs());
            Map<Value, Tensor> constants = new LinkedHashMap<>(inference.constants());
            for (List<Value> moved : List.of(parameters.weights(), parameters.statistics())) {
                for (Value value : moved) {
                    inputs.add(value);
                    start.put(value, constants.remove(value));
                }
            }
            Map<Value, TensorType> types = new LinkedHashMap<>(inference.types());
            GraphBuilder names = new GraphBuilder(inference);
            List<Node> nodes = new ArrayList<>();
            for (Node node : inference.nodes()) {
                if (parameters.normalizations().contains(node.name())) {
                    Value mean = names.fresh(node.input(3).name() + ".next");
                    Value variance = names.fresh(node.input(4).name() + ".next");
                    next.put(node.input(3), mean);
                    next.put(node.input(4), variance);
                    nodes.add(node.withOutputs(List.of(node.output(), mean, variance))
                            .withAttributes(node.attributes().with("training_mode", 1)));
                } else if (node.operator().equals("Dropout")) {
                    Value mask = names.fresh(node.name() + ".mask");
                    inputs.add(mask);
                    types.put(mask, inference.types().get(node.output()));
                    masks.put(mask, ratio(node));
                    nodes.add(new Node(
                            node.name(), "", "Mul", List.of(node.input(0), mask), node.outputs(), Attributes.NONE));
                } else {
                    nodes.add(node);
                }
            }
            return new Graph(inputs, inference.outputs(), nodes, constants, types, inference.opsets());
        }

        private double ratio(Node dropout) {
            Optional<Tensor> given = inference.constant(dropout.input(1));
            return given.map(tensor -> (double) tensor.floats().get(0)).orElse(0.5);
        }

        private void update(Value weight, Value gradient, List<Value> numbers, GraphBuilder builder) {
            TensorType type = inference.types().get(weight);
            Optimizer optimizer = settings.optimizer();
            List<Value> slots = new ArrayList<>();
            for (int slot = 0; slot < optimizer.slots(); slot++) {
                slots.add(builder.input(weight.name() + ".slot" + slot, type));
                start.put(slots.get(slot), Tensor.zeros(ElementType.FLOAT32, type.shape()));
            }
            double decay = type.rank() > 1 ? optimizer.weightDecay() : 0;
            Optimizer.State after =
                    optimizer.emit(new Optimizer.State(weight, slots), gradient, numbers, decay, builder);
            Value clipped = settings.filterRadius().isPresent() && type.rank() == 4
                    ? withinRadius(after.weight(), settings.filterRadius().getAsDouble(), builder)
                    : after.weight();
            follow(weight, clipped, builder);
            for (int slot = 0; slot < slots.size(); slot++) {
                follow(slots.get(slot), after.slots().get(slot), builder);
            }
        }

        private void follow(Value before, Value after, GraphBuilder builder) {
            next.put(before, after);
            builder.output(after);
        }

        /** w · min(1, r/rms(w)) for each filter. */
        private static Value withinRadius(Value weight, double radius, GraphBuilder builder) {
            Value squares = builder.node(
                    "ReduceMean",
                    Attributes.NONE.with("keepdims", 1),
                    builder.node("Mul", weight, weight),
                    builder.vector(1, 2, 3));
            Value size = builder.node("Max", builder.node("Sqrt", squares), builder.constant((float) radius));
            return builder.node("Mul", weight, builder.node("Div", builder.constant((float) radius), size));
        }
    }
}
