package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Of y = Σ over four corners of weight · x[corner]: dx[corner] += weight · dy, and the grid gets dy times how the weights
 * change with the place. Jaderberg et al. 2015, arXiv:1506.02025.
 */
final class GridSampleRule implements BackwardRule {
    @Override
    public InputGradients emit(Node node, List<Value> gradients, BackwardContext c) {
        Attributes attributes = node.attributes();
        String mode = attributes.text("mode", "linear");
        String padding = attributes.text("padding_mode", "zeros");
        if (c.rank(node.input(0)) != 4) {
            throw c.unsupported("an input of rank " + c.rank(node.input(0)), "rank 4", "Sample pictures, not volumes");
        }
        if (!mode.equals("linear")) {
            throw c.unsupported("mode=" + mode, "linear", "Sample in that mode");
        }
        if (padding.equals("reflection")) {
            throw c.unsupported("padding_mode=reflection", "zeros or border", "Pad in one of those modes");
        }
        return new Sampling(node, gradients.get(0), padding.equals("border"), c).gradients();
    }

    /** Where along one axis each output place reads: two neighbours with a weight each. */
    private record Line(List<Value> index, List<Value> weight, List<Value> inside, Value slope) {}

    private static final class Sampling {
        private final Node node;
        private final BackwardContext c;
        private final boolean border;
        private final long width;
        private final Line across;
        private final Line down;
        private final Value gradient;

        Sampling(Node node, Value gradient, boolean border, BackwardContext c) {
            this.node = node;
            this.c = c;
            this.border = border;
            this.width = c.size(node.input(0), 3);
            this.across = line(0, width);
            this.down = line(1, c.size(node.input(0), 2));
            this.gradient = c.reshape(gradient, 0, c.size(node.input(0), 1), -1);
        }

        InputGradients gradients() {
            return InputGradients.of(c.wants(0) ? ofPicture() : Value.NONE, c.wants(1) ? ofGrid() : Value.NONE);
        }

        private Line line(int coordinate, long size) {
            Value places = c.node(
                    "Gather",
                    Attributes.NONE.with("axis", 3),
                    node.input(1),
                    c.builder().vector(coordinate));
            boolean corners = node.attributes().integer("align_corners", 0) == 1;
            double scale = (corners ? size - 1 : size) / 2.0;
            Value free = c.add(c.multiply(c.reshape(places, 0, 1, -1), scale), c.scalar((size - 1) / 2.0));
            Value place = border ? c.node("Clip", free, c.scalar(0), c.scalar(size - 1)) : free;
            Value slope = c.scalar(scale);
            if (border) {
                slope = c.multiply(c.where(c.node("Equal", place, free), c.scalar(1), c.zero()), slope);
            }
            Value first = c.node("Floor", place);
            Value second = c.add(first, c.scalar(1));
            Value share = c.subtract(place, first);
            List<Value> index = new ArrayList<>();
            List<Value> inside = new ArrayList<>();
            for (Value neighbour : List.of(first, second)) {
                Value kept = c.node("Clip", neighbour, c.scalar(0), c.scalar(size - 1));
                index.add(kept);
                inside.add(c.where(c.node("Equal", kept, neighbour), c.scalar(1), c.zero()));
            }
            List<Value> weight = List.of(
                    c.multiply(c.subtract(c.scalar(1), share), inside.get(0)), c.multiply(share, inside.get(1)));
            return new Line(index, weight, inside, slope);
        }

        /** Number of a corner's pixel within its plane, {@code i64[N,1,places]}. */
        private Value pixel(int row, int column) {
            Value number = c.add(
                    c.multiply(down.index().get(row), width), across.index().get(column));
            return c.node("Cast", Attributes.NONE.with("to", OnnxElementCodes.INT64), number);
        }

        private Value ofPicture() {
            List<Value> shares = new ArrayList<>();
            List<Value> pixels = new ArrayList<>();
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    Value weight =
                            c.multiply(down.weight().get(row), across.weight().get(column));
                    shares.add(c.multiply(gradient, weight));
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
            Value[][] corners = new Value[2][2];
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    Value value = c.node(
                            "GatherElements",
                            Attributes.NONE.with("axis", 2),
                            planes,
                            c.expandLike(pixel(row, column), gradient));
                    Value inside =
                            c.multiply(down.inside().get(row), across.inside().get(column));
                    corners[row][column] = c.multiply(value, inside);
                }
            }
            Value right = along(
                    down.weight(), c.subtract(corners[0][1], corners[0][0]), c.subtract(corners[1][1], corners[1][0]));
            Value below = along(
                    across.weight(),
                    c.subtract(corners[1][0], corners[0][0]),
                    c.subtract(corners[1][1], corners[0][1]));
            Value both = c.node(
                    "Concat",
                    Attributes.NONE.with("axis", 1),
                    c.multiply(c.sum(c.multiply(gradient, right), 1), across.slope()),
                    c.multiply(c.sum(c.multiply(gradient, below), 1), down.slope()));
            return c.reshapeLike(c.transpose(both, 0, 2, 1), node.input(1));
        }

        /** The weights of the other axis, without the mask of the corners that the differences already have. */
        private Value along(List<Value> weight, Value first, Value second) {
            return c.add(c.multiply(weight.get(0), first), c.multiply(weight.get(1), second));
        }
    }
}
