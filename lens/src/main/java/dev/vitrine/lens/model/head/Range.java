package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds of a value for any picture.
 *
 * @param shares whether it is computed from outputs of softmax or sigmoid
 * @param one whether the values along one axis are non-negative and sum to at most 1
 */
record Range(double low, double high, boolean shares, boolean one) {
    private static final double TOLERANCE = 1e-4;
    private static final Range UNKNOWN = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, false);
    private static final int DEPTH = 200;

    /** Whether the values are probabilities, or means or parts of such. */
    boolean isProbability() {
        return shares && isWithinOne();
    }

    /** Whether all values lie in 0..1. */
    boolean isWithinOne() {
        return low >= -TOLERANCE && high <= 1 + TOLERANCE;
    }

    /** The bounds of a value, as far as they follow from the graph. */
    static Range of(Value value, Surroundings graph) {
        return new Finder(graph).of(value, 0);
    }

    private Range withoutOne() {
        return new Range(low, high, shares, false);
    }

    /** With 0 at the borders. */
    private Range withZero() {
        return new Range(Math.min(0, low), Math.max(0, high), shares, false);
    }

    private static final class Finder {
        private final Surroundings graph;
        private final Map<Value, Range> known = new HashMap<>();

        Finder(Surroundings graph) {
            this.graph = graph;
        }

        Range of(Value value, int depth) {
            if (!value.isPresent() || depth > DEPTH) {
                return UNKNOWN;
            }
            Range found = known.get(value);
            if (found == null) {
                Optional<float[]> constant = graph.floats(value);
                Optional<Node> node = graph.producer(value);
                found = constant.isPresent()
                        ? constant(constant.get())
                        : node.map(maker -> made(maker, depth + 1)).orElse(UNKNOWN);
                known.put(value, found);
            }
            return found;
        }

        private Range constant(float[] numbers) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (float number : numbers) {
                low = Math.min(low, number);
                high = Math.max(high, number);
            }
            return numbers.length == 0 ? UNKNOWN : new Range(low, high, false, false);
        }

        private Range made(Node node, int depth) {
            Range first = of(node.input(0), depth);
            Operator row = OperatorTable.row(node);
            return switch (row.role()) {
                case GATE -> gate(row);
                case RECTIFIER ->
                    row.signs() == Signs.NEVER_NEGATIVE
                            ? new Range(Math.max(0, first.low), Math.max(0, first.high), first.shares, first.one)
                            : UNKNOWN;
                case BOUND -> clipped(node, first, depth);
                case SOFT_RECTIFIER, FUNCTION -> positive(row, first);
                case GUARDED ->
                    first.low >= 0 && row.signs() == Signs.NEVER_NEGATIVE
                            ? new Range(at(row, first.low), at(row, first.high), first.shares, false)
                            : UNKNOWN;
                case NEGATION -> new Range(-first.high, -first.low, first.shares, false);
                case SUM, MEAN, EXTREME ->
                    row.kind() == Operator.Kind.ARITHMETIC ? arithmetic(node, depth) : overPlaces(node, row, first);
                case DIFFERENCE, PRODUCT, QUOTIENT -> arithmetic(node, depth);
                case CHOICE -> union(node.inputs().subList(1, 3), depth);
                case SELF_GATED, POWER, CONDITION -> UNKNOWN;
                case NONE -> moved(node, row, first, depth);
            };
        }

        /** The bounds of operators that move, select or map numbers. */
        private Range moved(Node node, Operator row, Range first, int depth) {
            if (row.keepsEachNumber()) {
                return first;
            }
            return switch (row.space()) {
                case SLICE, PICKING_ALONG_AXIS, PICKING_ELEMENTS, PART ->
                    row.effect() == Effect.MOVES ? first : UNKNOWN;
                case BROADCASTING, REPEATING, RESAMPLING -> first.withoutOne();
                case WINDOW, WHOLE_MAP -> row.isMaxPooling() ? first.withoutOne() : UNKNOWN;
                case PADDING -> first.withZero();
                case JOIN -> union(node.inputs(), depth);
                case PRODUCT -> node.attributes().has("equation") ? UNKNOWN : mapped(node, first);
                default -> UNKNOWN;
            };
        }

        /** A sum, a mean or an extreme over axes, windows or all positions. */
        private Range overPlaces(Node node, Operator row, Range first) {
            if (row.role() == Role.EXTREME) {
                return first.withoutOne();
            }
            if (row.role() == Role.SUM) {
                return first.one ? first : times(first, new Range(1, summands(node), false, false));
            }
            return row.space() == Space.WINDOW ? first.withZero() : first;
        }

        private static Range gate(Operator row) {
            return row.signs() == Signs.NEVER_NEGATIVE
                    ? new Range(0, 1, true, row.space() == Space.ALONG_AXIS)
                    : UNKNOWN;
        }

        private static Range positive(Operator row, Range first) {
            return row.signs() == Signs.NEVER_NEGATIVE
                    ? new Range(0, Double.POSITIVE_INFINITY, first.shares, false)
                    : UNKNOWN;
        }

        private static double at(Operator row, double... operands) {
            return row.function().orElseThrow().at(Attributes.NONE, operands);
        }

        private double summands(Node node) {
            Optional<TensorType> type = graph.type(node.input(0));
            double count = 1;
            List<Integer> axes = graph.reducedAxes(node);
            for (int axis : axes) {
                boolean fixed = type.isPresent() && type.get().dimension(axis).isFixed();
                count *= fixed ? type.get().dimension(axis).size() : Double.POSITIVE_INFINITY;
            }
            return axes.isEmpty() ? Double.POSITIVE_INFINITY : count;
        }

        private Range clipped(Node node, Range inner, int depth) {
            double low = node.input(1).isPresent() ? of(node.input(1), depth).low : Double.NEGATIVE_INFINITY;
            double high = node.input(2).isPresent() ? of(node.input(2), depth).high : Double.POSITIVE_INFINITY;
            return new Range(
                    Math.max(low, inner.low), Math.max(low, Math.min(high, inner.high)), inner.shares, inner.one);
        }

        private Range union(List<Value> values, int depth) {
            Range result = of(values.get(0), depth);
            boolean shares = result.shares;
            for (Value value : values.subList(1, values.size())) {
                Range next = of(value, depth);
                shares |= next.shares;
                result = new Range(Math.min(result.low, next.low), Math.max(result.high, next.high), shares, false);
            }
            return result;
        }

        private Range arithmetic(Node node, int depth) {
            List<Range> parts = new ArrayList<>();
            node.inputs().forEach(input -> parts.add(of(input, depth)));
            boolean shares = parts.stream().anyMatch(Range::shares);
            Operator row = OperatorTable.row(node);
            if (row.role() == Role.QUOTIENT && isShareOfSum(node, parts.get(0))) {
                return new Range(0, 1, true, true);
            }
            Range result = parts.get(0);
            for (Range next : parts.subList(1, parts.size())) {
                result = switch (row.role()) {
                    case EXTREME ->
                        new Range(at(row, result.low, next.low), at(row, result.high, next.high), shares, false);
                    case DIFFERENCE -> new Range(result.low - next.high, result.high - next.low, shares, false);
                    case PRODUCT -> times(result, next);
                    case QUOTIENT ->
                        next.low > 0 || next.high < 0
                                ? times(result, new Range(1 / next.high, 1 / next.low, next.shares, false))
                                : UNKNOWN;
                    default -> new Range(result.low + next.low, result.high + next.high, shares, false);
                };
            }
            return row.role() == Role.MEAN
                    ? new Range(result.low / parts.size(), result.high / parts.size(), shares, false)
                    : result;
        }

        /** x / Σ x of non-negative numbers, with or without a small number that keeps the sum above 0. */
        private boolean isShareOfSum(Node division, Range above) {
            Value below = division.input(1);
            Optional<Node> sum = graph.producer(below);
            while (sum.isPresent() && keepsFromZero(OperatorTable.row(sum.get()))) {
                sum = graph.producer(sum.get().input(0));
            }
            return above.low >= 0
                    && sum.isPresent()
                    && OperatorTable.row(sum.get()).role() == Role.SUM
                    && OperatorTable.row(sum.get()).space() == Space.REDUCTION
                    && sum.get().input(0).equals(division.input(0));
        }

        private static boolean keepsFromZero(Operator row) {
            boolean bounds = row.role() == Role.BOUND
                    || row.role() == Role.EXTREME && row.space() == Space.POINTWISE
                    || row.isAddition();
            return bounds || row.space() == Space.BROADCASTING || row.effect() == Effect.NONE;
        }

        private static Range times(Range left, Range right) {
            double[] ends = {
                product(left.low, right.low),
                product(left.low, right.high),
                product(left.high, right.low),
                product(left.high, right.high)
            };
            java.util.Arrays.sort(ends);
            return new Range(ends[0], ends[3], left.shares || right.shares, false);
        }

        private static double product(double left, double right) {
            return left == 0 || right == 0 ? 0 : left * right;
        }

        /** Shares times a constant matrix: bounds for each output by any single share, or by all together. */
        private Range mapped(Node node, Range shares) {
            Optional<float[]> weights = graph.floats(node.input(1));
            Optional<TensorType> type = graph.type(node.input(1));
            boolean plain = !node.input(2).isPresent() && node.attributes().integer("transA", 0) == 0;
            if (weights.isEmpty() || type.isEmpty() || type.get().rank() != 2 || !shares.shares || !plain) {
                return UNKNOWN;
            }
            boolean turned = node.attributes().integer("transB", 0) != 0;
            int rows = (int) type.get().dimension(turned ? 1 : 0).size();
            int columns = (int) type.get().dimension(turned ? 0 : 1).size();
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int column = 0; column < columns; column++) {
                double least = 0;
                double most = 0;
                for (int row = 0; row < rows; row++) {
                    float weight = weights.get()[turned ? column * rows + row : row * columns + column];
                    double one = Math.min(product(weight, shares.low), product(weight, shares.high));
                    double other = Math.max(product(weight, shares.low), product(weight, shares.high));
                    least = shares.one ? Math.min(least, weight) : least + one;
                    most = shares.one ? Math.max(most, weight) : most + other;
                }
                low = Math.min(low, least);
                high = Math.max(high, most);
            }
            return new Range(low, high, true, false);
        }
    }
}
