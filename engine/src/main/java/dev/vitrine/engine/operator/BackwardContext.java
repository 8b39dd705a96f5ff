package dev.vitrine.engine.operator;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The context of a backward rule while it emits the gradient of one node. */
public final class BackwardContext {
    /** Operators that keep the layout between a convolution and its consumer. */
    private static final Set<String> SHAPED_ALIKE =
            Set.of("Relu", "LeakyRelu", "BatchNormalization", "MaxPool", "Identity");

    private final GraphBuilder builder;
    private final Node node;
    private final Set<Value> wanted;
    private final ForwardPass forward;

    public BackwardContext(GraphBuilder builder, Node node, Set<Value> wanted, ForwardPass forward) {
        this.builder = builder;
        this.node = node;
        this.wanted = wanted;
        this.forward = forward;
    }

    /** The same context for a node that replaces this one. */
    public BackwardContext forNode(Node standIn, Set<Value> wantedInputs) {
        return new BackwardContext(builder, standIn, wantedInputs, forward);
    }

    public GraphBuilder builder() {
        return builder;
    }

    /** Whether the gradient of this input is needed. */
    public boolean wants(int input) {
        return wanted.contains(node.input(input));
    }

    public Optional<Tensor> constant(Value value) {
        return builder.constantOf(value);
    }

    /** The graph being differentiated. */
    public ForwardPass forward() {
        return forward;
    }

    /** Output {@code index} of the forward node, such as the switches of a MaxPool. */
    public Value forwardOutput(int index) {
        return forward.request(node, index);
    }

    public TensorType type(Value value) {
        return builder.type(value)
                .orElseThrow(() -> VitrineException.failure(
                        node.label() + ": the type of '" + value + "' is not known: " + builder.reason(value)
                                + "; expected an inferred type. Infer the graph's types first."));
    }

    public int rank(Value value) {
        return type(value).rank();
    }

    /** Number of elements of {@code whole} per element of {@code part}, as a scalar. */
    public Value ratio(Value whole, Value part) {
        List<Dimension> from = type(whole).dimensions();
        List<Dimension> to = type(part).dimensions();
        boolean known = from.size() == to.size();
        double ratio = 1;
        for (int axis = 0; known && axis < from.size(); axis++) {
            Dimension large = from.get(axis);
            Dimension small = to.get(axis);
            known = large.matches(small) || (large.isFixed() && small.isFixed());
            ratio *= large.matches(small) ? 1 : (double) large.size() / small.size();
        }
        if (known) {
            return scalar(ratio);
        }
        return divide(count(whole), count(part));
    }

    /** Number of elements per channel of {@code f32[N,C,…]}, as a scalar. */
    Value countPerChannel(Value value) {
        TensorType type = type(value);
        return type.isStatic()
                ? scalar((double) Tensor.elements(type.shape())
                        / type.dimension(1).size())
                : divide(count(value), scalar(size(value, 1)));
    }

    private Value count(Value value) {
        return node("Cast", Attributes.NONE.with("to", ElementType.FLOAT32.code()), node("Size", value));
    }

    /** A size that must be known before the run. */
    public long size(Value value, int axis) {
        Dimension dimension = type(value).dimension(axis);
        if (!dimension.isFixed()) {
            throw unsupported(
                    "dimension " + axis + " of '" + value + "' is '" + dimension + "'",
                    "a fixed size",
                    "Give the model a fixed input size");
        }
        return dimension.size();
    }

    /**
     * Whether the runtime may pass this node its input in the blocked layout: not behind a convolution whose kernel is
     * not a constant, which runs in the plain layout.
     */
    boolean readsBlocks() {
        Optional<Node> source = forward.producer(node.input(0));
        while (source.isPresent() && SHAPED_ALIKE.contains(source.get().operator())) {
            source = forward.producer(source.get().input(0));
        }
        return source.filter(found -> found.operator().equals("Conv"))
                .map(found -> constant(found.input(1)).isPresent())
                .orElse(true);
    }

    /** An error: this form of the node has no gradient. */
    public VitrineException unsupported(String found, String expected, String remedy) {
        return VitrineException.failure(
                node.label() + ": no gradient: found " + found + "; expected " + expected + ". " + remedy + ".");
    }

    public Value scalar(double value) {
        return builder.constant((float) value);
    }

    public Value node(String opType, Value... inputs) {
        return builder.node(opType, inputs);
    }

    public Value node(String opType, Attributes attributes, Value... inputs) {
        return builder.node(opType, attributes, inputs);
    }

    public Value add(Value left, Value right) {
        return node("Add", left, right);
    }

    public Value subtract(Value left, Value right) {
        return node("Sub", left, right);
    }

    public Value multiply(Value left, Value right) {
        return node("Mul", left, right);
    }

    public Value multiply(Value left, double right) {
        return node("Mul", left, scalar(right));
    }

    public Value divide(Value left, Value right) {
        return node("Div", left, right);
    }

    public Value negate(Value value) {
        return node("Neg", value);
    }

    public Value zero() {
        return scalar(0);
    }

    public Value where(Value condition, Value yes, Value no) {
        return node("Where", condition, yes, no);
    }

    public Value cast(Value value, Value like) {
        return node("Cast", Attributes.NONE.with("to", type(like).elementType().code()), value);
    }

    /** 1 where {@code left > right}, else 0, as f32. */
    public Value step(Value left, Value right) {
        return node("Cast", Attributes.NONE.with("to", ElementType.FLOAT32.code()), node("Greater", left, right));
    }

    /** A safe divisor: 0 becomes ∞, so that a finite number divided by it is 0. */
    Value divisor(Value value) {
        boolean nowhereZero = constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                .map(Tensor::floats)
                .filter(floats -> IntStream.range(0, floats.limit()).noneMatch(i -> floats.get(i) == 0))
                .isPresent();
        return nowhereZero ? value : where(node("Equal", value, zero()), scalar(Double.POSITIVE_INFINITY), value);
    }

    /** Sum over axes, kept as size 1. */
    public Value sum(Value value, long... axes) {
        return node("ReduceSum", Attributes.NONE.with("keepdims", 1), value, builder.vector(axes));
    }

    /** Sum over axes, which are dropped. */
    public Value sumAway(Value value, long... axes) {
        return node("ReduceSum", Attributes.NONE.with("keepdims", 0), value, builder.vector(axes));
    }

    /** Mean over axes, kept as size 1. */
    public Value mean(Value value, long... axes) {
        return node("ReduceMean", Attributes.NONE.with("keepdims", 1), value, builder.vector(axes));
    }

    public Value reshape(Value value, long... shape) {
        return node("Reshape", value, builder.vector(shape));
    }

    public Value transpose(Value value, long... permutation) {
        return node("Transpose", Attributes.NONE.with("perm", permutation), value);
    }

    /** The shape of a value as {@code i64[rank]}: a constant where known. */
    public Value shapeOf(Value value) {
        Optional<TensorType> type = builder.type(value);
        return type.isPresent() && type.get().isStatic()
                ? builder.vector(type.get().shape())
                : node("Shape", value);
    }

    /** {@code value} reshaped to the shape of {@code like}, which has the same number of elements. */
    public Value reshapeLike(Value value, Value like) {
        TensorType type = type(like);
        long[] shape = type.shape();
        long unknown = type.dimensions().stream().filter(d -> !d.isFixed()).count();
        boolean hasZero = type.dimensions().stream().anyMatch(d -> d.size() == 0);
        return unknown <= 1 && !hasZero ? reshape(value, shape) : node("Reshape", value, node("Shape", like));
    }

    /** {@code value} repeated to the shape of {@code like} along axes where it has size 1. */
    public Value expandLike(Value value, Value like) {
        return node("Expand", value, shapeOf(like));
    }

    public Value zerosLike(Value like) {
        return node("ConstantOfShape", Attributes.NONE.with("value", Tensor.floats(new float[] {0}, 1)), shapeOf(like));
    }

    /**
     * Sums a gradient shaped as {@code output} over the axes along which {@code input} was broadcast to it, and shapes
     * it as {@code input}.
     */
    public Value unbroadcast(Value gradient, Value output, Value input) {
        return unbroadcast(gradient, type(output).dimensions(), input);
    }

    /** Sums a gradient of dimensions {@code from} over the axes along which {@code input} was broadcast to it. */
    public Value unbroadcast(Value gradient, List<Dimension> from, Value input) {
        List<Dimension> to = type(input).dimensions();
        int lead = from.size() - to.size();
        List<Long> summed = new ArrayList<>();
        Value result = gradient;
        for (int axis = lead; axis < from.size(); axis++) {
            Dimension out = from.get(axis);
            Dimension in = to.get(axis - lead);
            if (in.matches(out) || (in.isFixed() && in.size() != 1)) {
                continue;
            }
            if (in.isFixed()) {
                summed.add((long) axis);
            } else {
                result = sumWhereSingle(result, axis, input, axis - lead);
            }
        }
        if (!summed.isEmpty()) {
            result = sum(result, summed.stream().mapToLong(Long::longValue).toArray());
        }
        return lead > 0 ? sumAway(result, LongStream.range(0, lead).toArray()) : result;
    }

    /** For an axis that may be broadcast only at run time: the sum if {@code input} was broadcast, else unchanged. */
    private Value sumWhereSingle(Value gradient, int axis, Value input, int inputAxis) {
        Value in = dimensionOf(input, inputAxis);
        Value same = node("Equal", in, dimensionOf(gradient, axis));
        Value chosen = where(same, gradient, sum(gradient, axis));
        return node("Slice", chosen, builder.vector(0), in, builder.vector(axis));
    }

    /** One dimension of a value as {@code i64[1]}. */
    public Value dimensionOf(Value value, int axis) {
        return node("Shape", Attributes.NONE.with("start", axis).with("end", axis + 1), value);
    }

    /**
     * Applies a matrix along one axis: {@code out[.., j, ..] = Σᵢ value[.., i, ..] · matrix[i, j]}.
     *
     * @param matrix {@code f32[in, out]}
     */
    public Value alongAxis(Value value, int axis, int rank, Value matrix) {
        if (axis == rank - 1) {
            return node("MatMul", value, matrix);
        }
        long[] swap = new long[rank];
        for (int i = 0; i < rank; i++) {
            swap[i] = i;
        }
        swap[axis] = rank - 1L;
        swap[rank - 1] = axis;
        return transpose(node("MatMul", transpose(value, swap), matrix), swap);
    }
}
