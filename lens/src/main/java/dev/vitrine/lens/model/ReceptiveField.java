package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pixels a place of a layer can depend on. With jump j (input pixels from one place to the next), kernel k,
 * dilation d, stride s and leading padding p: first' = first − p·j, last' = last + ((k − 1)·d − p)·j, j' = j·s, for the
 * place at index 0; where branches meet, the span of both. Araujo, Norris & Sim 2019, doi:10.23915/distill.00021.
 *
 * @param window empty where a place sees the whole picture, or where layers have no places that lie side by side
 */
public record ReceptiveField(Kind kind, Optional<Window> window) {
    /** What is known. */
    public enum Kind {
        WINDOW,
        WHOLE,
        UNKNOWN
    }

    /**
     * Sides of the field and distances between neighbours, in pixels of the input.
     *
     * @param firstY first pixel row that the place at row 0 sees, below 0 where padding is
     * @param firstX first pixel column that the place at column 0 sees
     */
    public record Window(long height, long width, double strideY, double strideX, double firstY, double firstX) {}

    /** The pixels of the input that a place sees, those of the padding included; empty where there is no window. */
    public Optional<Box> at(int row, int column) {
        return window.map(found -> {
            double top = Math.floor(found.firstY() + row * found.strideY());
            double left = Math.floor(found.firstX() + column * found.strideX());
            return new Box(left, top, left + found.width(), top + found.height());
        });
    }

    public boolean isWhole() {
        return kind == Kind.WHOLE;
    }

    /** For people: {@code 43×43}, {@code whole} or {@code ?}. */
    public String size() {
        return switch (kind) {
            case WINDOW ->
                window.orElseThrow().height() + "×" + window.orElseThrow().width();
            case WHOLE -> "whole";
            case UNKNOWN -> "?";
        };
    }

    /** For people: {@code 8}, or {@code 8×16} where height and width differ. */
    public String stride() {
        return window.map(found -> found.strideY() == found.strideX()
                        ? number(found.strideY())
                        : number(found.strideY()) + "×" + number(found.strideX()))
                .orElse("");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** The fields of all values that depend on the picture. */
    public static Map<Value, ReceptiveField> of(Model model) {
        Map<Value, Field> fields = new Pass(model).run();
        Map<Value, ReceptiveField> result = new LinkedHashMap<>();
        fields.forEach((value, field) -> result.put(value, field.asReceptiveField()));
        return result;
    }

    /** Along one axis: first and last pixel that place 0 sees, and pixels from a place to the next. */
    private record Span(double first, double last, double jump) {
        Span windowed(long kernel, long dilation, long stride, long pad) {
            double reach = (kernel - 1) * dilation;
            return new Span(first - pad * jump, last + (reach - pad) * jump, jump * stride);
        }

        Span merged(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last), Math.max(jump, other.jump));
        }
    }

    /** Height and width of a value lie along the given axes; -1 where it has none. */
    private record Field(Kind kind, Span vertical, Span horizontal, int heightAxis, int widthAxis) {
        static final Span ALL = new Span(0, 0, 1);
        static final Field WHOLE = new Field(Kind.WHOLE, ALL, ALL, -1, -1);
        static final Field UNKNOWN = new Field(Kind.UNKNOWN, ALL, ALL, -1, -1);

        ReceptiveField asReceptiveField() {
            if (kind != Kind.WINDOW) {
                return new ReceptiveField(kind, Optional.empty());
            }
            return new ReceptiveField(
                    kind,
                    Optional.of(new Window(
                            Math.round(vertical.last - vertical.first) + 1,
                            Math.round(horizontal.last - horizontal.first) + 1,
                            vertical.jump,
                            horizontal.jump,
                            vertical.first,
                            horizontal.first)));
        }

        Field with(Span newVertical, Span newHorizontal) {
            return new Field(kind, newVertical, newHorizontal, heightAxis, widthAxis);
        }

        Field withAxes(int newHeight, int newWidth) {
            return new Field(kind, vertical, horizontal, newHeight, newWidth);
        }

        Field merged(Field other) {
            if (kind != Kind.WINDOW || other.kind != Kind.WINDOW) {
                Field stronger = kind == Kind.UNKNOWN || other.kind == Kind.UNKNOWN ? UNKNOWN : WHOLE;
                Field located = kind == Kind.WINDOW ? this : other;
                return located.heightAxis < 0
                        ? stronger
                        : new Field(
                                stronger.kind,
                                located.vertical,
                                located.horizontal,
                                located.heightAxis,
                                located.widthAxis);
            }
            return with(vertical.merged(other.vertical), horizontal.merged(other.horizontal));
        }
    }

    private static final class Pass {
        private final Graph graph;
        private final Map<Value, Field> fields = new LinkedHashMap<>();

        Pass(Model model) {
            graph = model.graph();
            Layout layout = model.preprocessing().layout();
            Span pixel = new Span(0, 0, 1);
            fields.put(model.input(), new Field(Kind.WINDOW, pixel, pixel, layout.heightAxis(), layout.widthAxis()));
        }

        Map<Value, Field> run() {
            for (Node node : graph.nodes()) {
                List<Field> inputs = new ArrayList<>();
                for (Value input : node.inputs()) {
                    if (fields.containsKey(input)) {
                        inputs.add(fields.get(input));
                    }
                }
                if (!inputs.isEmpty()) {
                    Field field =
                            field(node, inputs.stream().reduce(Field::merged).orElseThrow(), inputs.size());
                    node.outputs().stream()
                            .filter(Value::isPresent)
                            .forEach(output -> fields.put(output, shaped(field, output)));
                }
            }
            return fields;
        }

        /** A value of one vector a sample has been made of everything there was. */
        private Field shaped(Field field, Value output) {
            int rank = graph.type(output).map(TensorType::rank).orElse(4);
            return field.kind == Kind.UNKNOWN && rank <= 2 ? Field.WHOLE : field;
        }

        private Field field(Node node, Field in, int dependent) {
            return switch (node.operator()) {
                case "Conv", "MaxPool", "AveragePool", "LpPool" -> windowed(node, in);
                case "ConvTranspose" -> transposedWindow(node, in);
                case "GlobalAveragePool",
                        "GlobalMaxPool",
                        "GlobalLpPool",
                        "InstanceNormalization",
                        "GroupNormalization" -> whole(in);
                case "Gemm" -> Field.WHOLE;
                case "MatMul", "Einsum" -> product(node, in, dependent);
                case "Transpose" -> transposed(node, in);
                case "Slice" -> sliced(node, in);
                case "Pad" -> padded(node, in);
                case "Resize" -> resized(node, in);
                case "SpaceToDepth" -> blocks(node, in);
                case "DepthToSpace" -> unblocked(node, in);
                case "Reshape",
                        "Flatten",
                        "Squeeze",
                        "Unsqueeze",
                        "Gather",
                        "GatherElements",
                        "ScatterElements",
                        "Tile",
                        "Expand" -> reshaped(node, in);
                case "Concat", "Softmax", "LogSoftmax", "LpNormalization" -> touches(node, in) ? whole(in) : in;
                case "LayerNormalization" -> normalized(node, in);
                default -> node.operator().startsWith("Reduce") ? reduced(node, in) : elementwise(node, in);
            };
        }

        private static Field whole(Field in) {
            return in.kind == Kind.UNKNOWN
                    ? in
                    : new Field(Kind.WHOLE, in.vertical, in.horizontal, in.heightAxis, in.widthAxis);
        }

        private Field elementwise(Node node, Field in) {
            int before = rank(node.input(0));
            boolean losesAxes = in.heightAxis >= 0 && before >= 0 && rank(node.output()) < before;
            return losesAxes ? Field.UNKNOWN : in;
        }

        private Field windowed(Node node, Field in) {
            if (in.heightAxis < 0) {
                return in;
            }
            long[] kernel = kernel(node);
            Sliding window = new Sliding(node, kernel.length);
            if (kernel.length != 2) {
                return Field.UNKNOWN;
            }
            long[] padding = window.padding(graph, node, kernel);
            return in.with(
                    in.vertical.windowed(kernel[0], window.dilations[0], window.strides[0], padding[0]),
                    in.horizontal.windowed(kernel[1], window.dilations[1], window.strides[1], padding[1]));
        }

        private long[] kernel(Node node) {
            long[] own = node.attributes().integers("kernel_shape");
            if (own.length > 0) {
                return own;
            }
            long[] weights = graph.type(node.input(1)).map(TensorType::shape).orElse(new long[0]);
            return weights.length < 3 ? new long[0] : Arrays.copyOfRange(weights, 2, weights.length);
        }

        /** Strides, dilations and pads of a window, with their defaults. */
        private static final class Sliding {
            private final long[] strides;
            private final long[] dilations;
            private final long[] pads;

            Sliding(Node node, int axes) {
                strides = node.attributes().integers("strides", ones(axes));
                dilations = node.attributes().integers("dilations", ones(axes));
                pads = node.attributes().integers("pads");
            }

            private static long[] ones(int axes) {
                long[] ones = new long[axes];
                Arrays.fill(ones, 1);
                return ones;
            }

            /** Leading pads, those of {@code auto_pad} worked out. */
            long[] padding(Graph graph, Node node, long[] kernel) {
                String automatic = node.attributes().text("auto_pad", "");
                if (!automatic.startsWith("SAME")) {
                    return pads.length == 4 ? new long[] {pads[0], pads[1]} : new long[2];
                }
                long[] shape = graph.type(node.input(0)).orElseThrow().shape();
                long[] leading = new long[2];
                for (int axis = 0; axis < 2; axis++) {
                    long size = shape[2 + axis];
                    long reach = (kernel[axis] - 1) * dilations[axis] + 1;
                    long steps = (size + strides[axis] - 1) / strides[axis];
                    long total = Math.max(0, (steps - 1) * strides[axis] + reach - size);
                    leading[axis] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                }
                return leading;
            }
        }

        /** Each output place sees at most ⌈k/s⌉ input places. */
        private Field transposedWindow(Node node, Field in) {
            long[] kernel = kernel(node);
            if (in.heightAxis < 0 || kernel.length != 2) {
                return in;
            }
            Sliding window = new Sliding(node, 2);
            Span[] spans = {in.vertical, in.horizontal};
            for (int axis = 0; axis < 2; axis++) {
                long reach = (kernel[axis] - 1) * window.dilations[axis];
                long stride = window.strides[axis];
                long before = window.pads.length == 4 ? window.pads[axis] : 0;
                double low = Math.ceil((before - reach) / (double) stride);
                double high = Math.floor((before + stride - 1) / (double) stride);
                Span span = spans[axis];
                spans[axis] = new Span(span.first + low * span.jump, span.last + high * span.jump, span.jump / stride);
            }
            return in.with(spans[0], spans[1]);
        }

        private Field product(Node node, Field in, int dependent) {
            int rank = rank(node.output());
            if (rank >= 0 && rank <= 2) {
                return Field.WHOLE;
            }
            boolean mixesPlaces = dependent > 1 || in.heightAxis >= rank - 1 || in.widthAxis >= rank - 1;
            return mixesPlaces && in.heightAxis >= 0 ? whole(in) : in;
        }

        private Field transposed(Node node, Field in) {
            long[] order = node.attributes().integers("perm");
            if (in.heightAxis < 0 || order.length == 0) {
                return in.heightAxis < 0 ? in : Field.UNKNOWN;
            }
            int height = -1;
            int width = -1;
            for (int axis = 0; axis < order.length; axis++) {
                height = order[axis] == in.heightAxis ? axis : height;
                width = order[axis] == in.widthAxis ? axis : width;
            }
            return in.withAxes(height, width);
        }

        private Field sliced(Node node, Field in) {
            long[] starts = constant(node.input(1));
            if (in.heightAxis < 0) {
                return in;
            }
            long[] axes = constant(node.input(3));
            long[] steps = constant(node.input(4));
            Field field = in;
            for (int i = 0; i < starts.length; i++) {
                int axis = (int) (axes.length > i ? axes[i] : i);
                axis = axis < 0 ? axis + rank(node.input(0)) : axis;
                long step = steps.length > i ? steps[i] : 1;
                if (axis == field.heightAxis) {
                    field = field.with(
                            from(field.vertical, starts[i], step, size(node.input(0), axis)), field.horizontal);
                } else if (axis == field.widthAxis) {
                    field = field.with(
                            field.vertical, from(field.horizontal, starts[i], step, size(node.input(0), axis)));
                }
            }
            return field;
        }

        private static Span from(Span span, long start, long step, long size) {
            long begin = Math.max(0, Math.min(size, start < 0 ? start + size : start));
            return new Span(span.first + begin * span.jump, span.last + begin * span.jump, span.jump * step);
        }

        private Field padded(Node node, Field in) {
            long[] pads = constant(node.input(1));
            if (in.heightAxis < 0 || pads.length != 2 * rank(node.input(0))) {
                return in;
            }
            double down = pads[in.heightAxis] * in.vertical.jump;
            double right = pads[in.widthAxis] * in.horizontal.jump;
            return in.with(
                    new Span(in.vertical.first - down, in.vertical.last - down, in.vertical.jump),
                    new Span(in.horizontal.first - right, in.horizontal.last - right, in.horizontal.jump));
        }

        private Field resized(Node node, Field in) {
            if (in.heightAxis < 0) {
                return in;
            }
            String mode = node.attributes().text("mode", "");
            int around = mode.equals("linear") ? 1 : mode.equals("cubic") ? 2 : 0;
            return in.with(
                    scaled(in.vertical, node, in.heightAxis, around),
                    scaled(in.horizontal, node, in.widthAxis, around));
        }

        private Span scaled(Span span, Node node, int axis, int around) {
            double factor = (double) size(node.output(), axis) / size(node.input(0), axis);
            double reach = around * span.jump;
            return new Span(
                    span.first - Math.max(0, around - 1) * span.jump,
                    span.last + reach,
                    factor > 0 ? span.jump / factor : span.jump);
        }

        private Field blocks(Node node, Field in) {
            long block = node.attributes().integer("blocksize", 1);
            return in.heightAxis < 0
                    ? in
                    : in.with(in.vertical.windowed(block, 1, block, 0), in.horizontal.windowed(block, 1, block, 0));
        }

        private Field unblocked(Node node, Field in) {
            double block = node.attributes().integer("blocksize", 1);
            return in.heightAxis < 0
                    ? in
                    : in.with(
                            new Span(in.vertical.first, in.vertical.last, in.vertical.jump / block),
                            new Span(in.horizontal.first, in.horizontal.last, in.horizontal.jump / block));
        }

        /** Keeps its places if height and width stay the last axes; one vector a sample is made of everything. */
        private Field reshaped(Node node, Field in) {
            int before = rank(node.input(0));
            int after = rank(node.output());
            if (in.heightAxis < 0 || before < 0 || after < 0) {
                return in;
            }
            boolean last = in.heightAxis == before - 2 && in.widthAxis == before - 1 && after >= 3;
            if (last
                    && size(node.input(0), before - 2) == size(node.output(), after - 2)
                    && size(node.input(0), before - 1) == size(node.output(), after - 1)) {
                return in.withAxes(after - 2, after - 1);
            }
            boolean onePlace = size(node.input(0), in.heightAxis) == 1 && size(node.input(0), in.widthAxis) == 1;
            if (in.kind == Kind.WHOLE || (onePlace && after <= 2)) {
                return in.kind == Kind.WHOLE ? Field.WHOLE : in.withAxes(-1, -1);
            }
            return after <= 2 ? Field.WHOLE : Field.UNKNOWN;
        }

        private Field reduced(Node node, Field in) {
            long[] axes = node.attributes().integers("axes").length > 0
                    ? node.attributes().integers("axes")
                    : constant(node.input(1));
            if (in.heightAxis < 0) {
                return in;
            }
            int rank = rank(node.input(0));
            boolean spatial = axes.length == 0;
            for (long axis : axes) {
                long positive = axis < 0 ? axis + rank : axis;
                spatial |= positive == in.heightAxis || positive == in.widthAxis;
            }
            if (spatial) {
                return rank(node.output()) == rank ? whole(in) : Field.WHOLE;
            }
            return rank(node.output()) == rank ? in : Field.UNKNOWN;
        }

        private Field normalized(Node node, Field in) {
            int rank = rank(node.input(0));
            long axis = node.attributes().integer("axis", -1);
            long positive = axis < 0 ? axis + rank : axis;
            return in.heightAxis >= positive || in.widthAxis >= positive ? whole(in) : in;
        }

        /** Whether the node's axis is height or width. */
        private boolean touches(Node node, Field in) {
            long axis = node.attributes().integer("axis", -1);
            long positive = axis < 0 ? axis + rank(node.input(0)) : axis;
            return in.heightAxis >= 0 && (positive == in.heightAxis || positive == in.widthAxis);
        }

        private int rank(Value value) {
            return graph.type(value).map(TensorType::rank).orElse(-1);
        }

        private long size(Value value, int axis) {
            return graph.type(value).map(type -> type.dimension(axis).size()).orElse(-1L);
        }

        private long[] constant(Value value) {
            return graph.constant(value)
                    .filter(tensor -> tensor.elementType() == ElementType.INT64)
                    .map(Tensor::toLongs)
                    .orElse(new long[0]);
        }
    }
}
