package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of pictures {@code f32[N,C,H,W]} sampled at {@code f32[N,h,w,2]} from one, two or four neighbors along each
 * axis: a pixel gets dy of every position that reads it, times its weight; a position gets dy times the slope of the
 * interpolation, 0 for the nearest neighbor. Jaderberg et al. 2015, arXiv:1506.02025.
 */
final class GridSampleRule implements BackwardRule {
    /** Keys 1981 with a = −0.75, as in the runtime. */
    private static final double A = -0.75;

    /** A neighbor of the position {@code floor(p) + t}, and its weight as a polynomial in t, lowest power first. */
    private record Neighbor(int offset, double... weight) {
        double[] slope() {
            double[] slope = new double[Math.max(1, weight.length - 1)];
            for (int power = 1; power < weight.length; power++) {
                slope[power - 1] = power * weight[power];
            }
            return slope;
        }
    }

    private static final List<Neighbor> NEAREST = List.of(new Neighbor(0, 1));
    private static final List<Neighbor> LINEAR = List.of(new Neighbor(0, 1, -1), new Neighbor(1, 0, 1));
    private static final List<Neighbor> CUBIC = List.of(
            new Neighbor(-1, 0, A, -2 * A, A),
            new Neighbor(0, 1, 0, -A - 3, A + 2),
            new Neighbor(1, 0, -A, 2 * A + 3, -A - 2),
            new Neighbor(2, 0, 0, A, -A));

    /** How positions outside the picture are read. */
    private enum Padding {
        ZEROS,
        BORDER,
        REFLECTION
    }

    @Override
    public InputGradients emit(Node node, List<Value> gradients, BackwardContext c) {
        if (c.rank(node.input(0)) != 4) {
            throw c.unsupported("an input of rank " + c.rank(node.input(0)), "rank 4", "Sample pictures, not volumes");
        }
        String mode = node.attributes().text("mode", "linear");
        List<Neighbor> neighbors = switch (mode) {
            case "nearest" -> NEAREST;
            case "linear", "bilinear" -> LINEAR;
            case "cubic", "bicubic" -> CUBIC;
            default -> throw c.unsupported("mode=" + mode, "nearest, linear or cubic", "Sample in those modes");
        };
        Padding padding = switch (node.attributes().text("padding_mode", "zeros")) {
            case "border" -> Padding.BORDER;
            case "reflection" -> Padding.REFLECTION;
            default -> Padding.ZEROS;
        };
        return new Sampling(node, gradients.get(0), neighbors, padding, c).gradients();
    }

    /** One neighbor of each position along one axis: its index, its weight, and the weight's derivative by the grid. */
    private record Tap(Value index, Value weight, Value slope) {}

    private static final class Sampling {
        private final Node node;
        private final BackwardContext c;
        private final List<Neighbor> neighbors;
        private final Padding padding;
        private final boolean corners;
        private final long width;
        private final List<Tap> across;
        private final List<Tap> down;
        private final Value gradient;

        Sampling(Node node, Value gradient, List<Neighbor> neighbors, Padding padding, BackwardContext c) {
            this.node = node;
            this.c = c;
            this.neighbors = neighbors;
            this.padding = padding;
            this.corners = node.attributes().integer("align_corners", 0) == 1;
            this.width = c.size(node.input(0), 3);
            this.across = taps(0, width);
            this.down = taps(1, c.size(node.input(0), 2));
            this.gradient = c.reshape(gradient, 0, c.size(node.input(0), 1), -1);
        }

        InputGradients gradients() {
            boolean steps = neighbors.equals(NEAREST);
            return InputGradients.of(
                    c.wants(0) ? ofPicture() : Value.NONE, c.wants(1) && !steps ? ofGrid() : Value.NONE);
        }

        private List<Tap> taps(int coordinate, long size) {
            Value places = c.node(
                    "Gather",
                    Attributes.NONE.with("axis", 3),
                    node.input(1),
                    c.builder().vector(coordinate));
            double scale = (corners ? size - 1 : size) / 2.0;
            Value free = c.add(c.multiply(c.reshape(places, 0, 1, -1), scale), c.scalar((size - 1) / 2.0));
            // Cubic interpolation continues beyond the border; only its neighbors are clamped.
            boolean held = padding == Padding.BORDER && neighbors.equals(CUBIC);
            Value place = neighbors.equals(NEAREST) ? c.node("Round", free) : held ? free : padded(free, size);
            Value first = c.node("Floor", place);
            Value share = c.subtract(place, first);
            Value slope = c.multiply(held ? c.scalar(1) : direction(free, place, size), scale);
            List<Tap> taps = new ArrayList<>();
            for (Neighbor neighbor : neighbors) {
                Value index = c.add(first, c.scalar(neighbor.offset()));
                Value last = c.scalar(size - 1);
                Value kept = c.node(
                        "Clip", padding == Padding.REFLECTION ? reflected(index, size) : index, c.scalar(0), last);
                Value weight = polynomial(neighbor.weight(), share);
                Value rise = c.multiply(polynomial(neighbor.slope(), share), slope);
                if (padding == Padding.ZEROS) {
                    Value inside = c.where(c.node("Equal", kept, index), c.scalar(1), c.zero());
                    weight = c.multiply(weight, inside);
                    rise = c.multiply(rise, inside);
                }
                taps.add(new Tap(kept, weight, rise));
            }
            return taps;
        }

        private Value padded(Value place, long size) {
            return switch (padding) {
                case ZEROS -> place;
                case BORDER -> c.node("Clip", place, c.scalar(0), c.scalar(size - 1));
                case REFLECTION -> reflected(place, size);
            };
        }

        /** Slope of {@link #padded}: 1, −1 or 0. */
        private Value direction(Value free, Value place, long size) {
            return switch (padding) {
                case ZEROS -> c.scalar(1);
                case BORDER -> c.where(c.node("Equal", place, free), c.scalar(1), c.zero());
                case REFLECTION -> c.node("Sign", c.subtract(c.scalar(range(size)), period(free, size)));
            };
        }

        private double range(long size) {
            return corners ? size - 1 : size;
        }

        /** The coordinate within one period of reflection, 0 to twice the range. */
        private Value period(Value place, long size) {
            double low = corners ? 0 : -0.5;
            double length = 2 * Math.max(range(size), 0.5);
            Value from = c.subtract(place, c.scalar(low));
            Value turns = c.node("Floor", c.multiply(from, 1 / length));
            return c.subtract(from, c.multiply(turns, length));
        }

        /** The coordinate reflected at the borders: low + r − |period − r|. */
        private Value reflected(Value place, long size) {
            double range = range(size);
            double low = corners ? 0 : -0.5;
            if (range == 0) {
                return c.multiply(place, 0);
            }
            Value back = c.node("Abs", c.subtract(period(place, size), c.scalar(range)));
            return c.subtract(c.scalar(low + range), back);
        }

        private Value polynomial(double[] coefficients, Value at) {
            Value sum = c.scalar(coefficients[coefficients.length - 1]);
            for (int power = coefficients.length - 2; power >= 0; power--) {
                sum = c.add(c.multiply(sum, at), c.scalar(coefficients[power]));
            }
            return coefficients.length == 1 ? c.add(c.multiply(at, 0), sum) : sum;
        }

        /** Index of a pixel within its plane, {@code i64[N,1,places]}. */
        private Value pixel(Tap row, Tap column) {
            Value number = c.add(c.multiply(row.index(), width), column.index());
            return c.node("Cast", Attributes.NONE.with("to", ElementType.INT64.code()), c.node("Round", number));
        }

        private Value ofPicture() {
            List<Value> shares = new ArrayList<>();
            List<Value> pixels = new ArrayList<>();
            for (Tap row : down) {
                for (Tap column : across) {
                    shares.add(c.multiply(gradient, c.multiply(row.weight(), column.weight())));
                    pixels.add(pixel(row, column));
                }
            }
            Attributes places = Attributes.NONE.with("axis", 2);
            Value updates = c.node("Concat", places, shares.toArray(Value[]::new));
            Value indices = c.expandLike(c.node("Concat", places, pixels.toArray(Value[]::new)), updates);
            Value planes = planes(c.zerosLike(node.input(0)));
            return c.reshapeLike(
                    c.node("ScatterElements", places.with("reduction", "add"), planes, indices, updates),
                    node.input(0));
        }

        private Value planes(Value pictures) {
            return c.reshape(pictures, 0, c.size(node.input(0), 1), -1);
        }

        private Value ofGrid() {
            Value planes = planes(node.input(0));
            List<Value> right = new ArrayList<>();
            List<Value> below = new ArrayList<>();
            for (Tap row : down) {
                for (Tap column : across) {
                    Value value = c.node(
                            "GatherElements",
                            Attributes.NONE.with("axis", 2),
                            planes,
                            c.expandLike(pixel(row, column), gradient));
                    Value along = c.sum(c.multiply(gradient, value), 1);
                    right.add(c.multiply(along, c.multiply(row.weight(), column.slope())));
                    below.add(c.multiply(along, c.multiply(row.slope(), column.weight())));
                }
            }
            Value both = c.node(
                    "Concat",
                    Attributes.NONE.with("axis", 1),
                    c.node("Sum", right.toArray(Value[]::new)),
                    c.node("Sum", below.toArray(Value[]::new)));
            return c.reshapeLike(c.transpose(both, 0, 2, 1), node.input(1));
        }
    }
}
