package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Gradients at several points around each image, in one graph: a second copy of the network is evaluated at the points.
 */
final class PathGradients {
    /** Name of the dimension of all points of all images. */
    static final Dimension POINTS = Dimension.named("points");

    /** Limit on the nodes of all copies of a network. */
    private static final long LARGEST_UNROLLED = 20_000;

    private final Model model;
    private final Backward backward;
    private final GraphBuilder builder;

    /** Emits {@code f32[N,P,…]}, the points of each image. */
    interface Points {
        Value emit(GraphBuilder builder, Value image);
    }

    private PathGradients(Model model, Backward backward) {
        this.model = model;
        this.backward = backward;
        this.builder = new GraphBuilder(backward.graph()).scope("points");
    }

    /**
     * The results that a method continues from.
     *
     * @param gradients {@code f32[N,P,…]}
     * @param scores of all points of all images, {@code f32[N·P]}
     */
    record Result(GraphBuilder builder, Backward backward, Value gradients, Value scores) {}

    /**
     * The gradient at every point, {@code f32[N,P,…]}.
     *
     * @param count points per image, or -1 if known only at run time; then the batch must be 1
     */
    static Result of(Model model, Objective objective, long count, Points points) {
        return new PathGradients(model, Backward.of(model, objective, List.of())).build(objective, count, points);
    }

    private Result build(Objective objective, long count, Points points) {
        Value input = model.input();
        long[] sample = LongStream.of(model.sampleShape()).skip(1).toArray();
        Value all = points.emit(builder, input);
        if (model.batch().isFixed() && count > 0) {
            return unrolled(all, Math.toIntExact(count));
        }
        Value flat = builder.node("Reshape", all, builder.vector(prefixed(sample, -1)));
        TensorType inputType = model.graph().types().get(input);
        Dimension batch = model.batch();
        boolean filled = batch.isFixed() && batch.size() > 1;
        Dimension pointCount = filled ? Dimension.of(1) : POINTS;
        builder.declare(flat, inputType.withDimension(0, pointCount));
        Value shown = filled ? repeated(flat, batch.size(), inputType) : flat;
        Map<Value, Value> replacements = new HashMap<>(Map.of(input, shown));
        if (objective.takesTarget()) {
            Value target = new Value(Objective.TARGET);
            Value each = repeatedTarget(target, all, pointCount);
            replacements.put(
                    target,
                    filled ? repeated(each, batch.size(), TensorType.of(ElementType.INT64, batch.size())) : each);
        }
        Map<Value, Value> copies =
                Mirror.append(builder, backward.graph().nodes(), replacements, batch, filled ? batch : pointCount);
        Value score = filled
                ? first(copies.get(backward.objective().score()))
                : copies.get(backward.objective().score());
        Differentiator.Result result =
                new Differentiator(BackwardRules.PLAIN).gradient(builder.build(), score, List.of(flat));
        GraphBuilder end = new GraphBuilder(result.graph()).scope("points");
        long images = count > 0 ? -1 : 1;
        Value stacked =
                end.node("Reshape", result.of(flat), end.vector(prefixed(sample, images, count > 0 ? count : -1)));
        return new Result(end, backward, stacked, score);
    }

    /** For a fixed batch: one copy of the network per point. */
    private Result unrolled(Value all, int count) {
        List<Node> nodes = backward.graph().nodes();
        if ((long) nodes.size() * count > LARGEST_UNROLLED) {
            throw VitrineException.failure("Model '" + model.name() + "' has a fixed batch of " + model.batch()
                    + " that cannot be made variable; as one graph this method would need " + count
                    + " copies of the network, "
                    + (long) nodes.size() * count + " nodes, expected at most " + LARGEST_UNROLLED
                    + ". Take fewer steps or samples, export the model with a variable batch, or let Vitrine explain"
                    + " the pictures ('explain', 'attribute').");
        }
        TensorType type = model.graph().types().get(model.input());
        List<Value> points = new ArrayList<>();
        List<Value> scores = new ArrayList<>();
        for (long point = 0; point < count; point++) {
            Value shown = builder.node(
                    "Gather", Attributes.NONE.with("axis", 1), all, builder.constant(Tensor.scalar(point)));
            builder.declare(shown, type);
            points.add(shown);
            Map<Value, Value> copies =
                    Mirror.append(builder, nodes, Map.of(model.input(), shown), model.batch(), model.batch());
            Value score =
                    builder.node("Unsqueeze", copies.get(backward.objective().score()), builder.vector(1));
            builder.declare(
                    score, TensorType.of(ElementType.FLOAT32, model.batch().size(), 1));
            scores.add(score);
        }
        Value joined = builder.node("Concat", Attributes.NONE.with("axis", 1), scores.toArray(Value[]::new));
        builder.declare(joined, TensorType.of(ElementType.FLOAT32, model.batch().size(), count));
        Differentiator.Result result =
                new Differentiator(BackwardRules.PLAIN).gradient(builder.build(), joined, points);
        GraphBuilder end = new GraphBuilder(result.graph()).scope("points");
        Value[] gradients = points.stream()
                .map(point -> end.node("Unsqueeze", result.of(point), end.vector(1)))
                .toArray(Value[]::new);
        Value stacked = end.node("Concat", Attributes.NONE.with("axis", 1), gradients);
        return new Result(end, backward, stacked, end.node("Reshape", joined, end.vector(-1)));
    }

    /** One row repeated to fill a model's fixed batch. */
    private Value repeated(Value row, long times, TensorType type) {
        long[] shape = new long[type.rank()];
        Arrays.fill(shape, 1);
        shape[0] = times;
        Value rows = builder.node("Expand", row, builder.vector(shape));
        builder.declare(rows, type);
        return rows;
    }

    private Value first(Value scores) {
        Value score = builder.node("Slice", scores, builder.vector(0), builder.vector(1));
        builder.declare(score, TensorType.of(ElementType.FLOAT32, 1));
        return score;
    }

    /** The graph with inputs for one image, regardless of the model's batch. */
    static Graph forOneImage(Model model, Graph graph) {
        if (!model.batch().isFixed()) {
            return new FixDimension(model.batch(), 1).apply(graph);
        }
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        Stream.concat(Stream.of(model.input(), new Value(Objective.TARGET)), graph.outputs().stream())
                .forEach(value -> types.computeIfPresent(
                        value,
                        (key, type) -> type.dimension(0).equals(model.batch())
                                ? type.withDimension(0, Dimension.of(1))
                                : type));
        return graph.withTypes(types);
    }

    private Value repeatedTarget(Value target, Value points, Dimension pointCount) {
        Value column = builder.node("Unsqueeze", target, builder.vector(1));
        Value counts = builder.node("Shape", Attributes.NONE.with("start", 0).with("end", 2), points);
        Value repeated = builder.node("Reshape", builder.node("Expand", column, counts), builder.vector(-1));
        builder.declare(repeated, new TensorType(ElementType.INT64, List.of(pointCount)));
        return repeated;
    }

    /** Σ over points of weight times value: {@code f32[N,P,…]} and {@code f32[1,P]} to the image's own shape. */
    static Value weightedSum(GraphBuilder builder, Model model, Value perPoint, Value weights) {
        Value rows = builder.node("Reshape", perPoint, builder.vector(0, 0, -1));
        Value summed = builder.node("MatMul", weights, rows);
        long[] sample = LongStream.of(model.sampleShape()).skip(1).toArray();
        return builder.node("Reshape", summed, builder.vector(prefixed(sample, -1)));
    }

    private static long[] prefixed(long[] shape, long... prefix) {
        List<Long> all = new ArrayList<>();
        LongStream.of(prefix).forEach(all::add);
        LongStream.of(shape).forEach(all::add);
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
