package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.Window;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pixels that a position of a layer can depend on. With jump j (input pixels from one position to the next), kernel
 * k, dilation d, stride s and leading padding p: first' = first − p·j, last' = last + ((k − 1)·d − p)·j, j' = j·s, for
 * position 0; where branches join, the span of both. Araujo, Norris and Sim 2019, doi:10.23915/distill.00021.
 *
 * @param window empty if a position sees the whole picture, or if the layer has no spatial positions
 */
public record ReceptiveField(Kind kind, Optional<Reach> window) {
    /** What is known. */
    public enum Kind {
        WINDOW,
        WHOLE,
        UNKNOWN
    }

    /**
     * Size of the field and distance between neighbors, in input pixels.
     *
     * @param firstY first pixel row seen by row 0, negative within padding
     * @param firstX first pixel column seen by column 0
     */
    public record Reach(long height, long width, double strideY, double strideX, double firstY, double firstX) {}

    /** The input pixels that a position sees, including padding; empty if there is no window. */
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

    /** For display: {@code 43×43}, {@code whole} or {@code ?}. */
    public String size() {
        return switch (kind) {
            case WINDOW ->
                window.orElseThrow().height() + "×" + window.orElseThrow().width();
            case WHOLE -> "whole";
            case UNKNOWN -> "?";
        };
    }

    /** For display: {@code 8}, or {@code 8×16} if height and width differ. */
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

    /** Along one axis: first and last pixel seen by position 0, and the jump in pixels. */
    private record Span(double first, double last, double jump) {
        Span windowed(Window window, int axis) {
            double reach = window.extent(axis) - 1;
            double pad = window.padsBegin()[axis];
            return new Span(first - pad * jump, last + (reach - pad) * jump, jump * window.strides()[axis]);
        }

        /** Each position of the result sees at most ⌈k/s⌉ of the positions spread over it. */
        Span spread(Window window, int axis) {
            double reach = window.extent(axis) - 1;
            double stride = window.strides()[axis];
            double pad = window.padsBegin()[axis];
            double low = Math.ceil((pad - reach) / stride);
            double high = Math.floor((pad + stride - 1) / stride);
            return new Span(first + low * jump, last + high * jump, jump / stride);
        }

        Span merged(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last), Math.max(jump, other.jump));
        }
    }

    /** The axes of a value's height and width; -1 if it has none. */
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
                    Optional.of(new Reach(
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

        /** A value with one vector per sample depends on the whole picture. */
        private Field shaped(Field field, Value output) {
            int rank = graph.type(output).map(TensorType::rank).orElse(4);
            return field.kind == Kind.UNKNOWN && rank <= 2 ? Field.WHOLE : field;
        }

        private Field field(Node node, Field in, int dependent) {
            Operator row = OperatorTable.row(node);
            return switch (row.space()) {
                case WINDOW, TO_CHANNELS, SLICE, PADDING -> windowed(node, in);
                case SPREAD -> transposedWindow(node, in);
                case WHOLE_MAP, SAMPLING -> whole(in);
                case PRODUCT -> product(node, in, dependent);
                case TURN -> transposed(node, in);
                case RESAMPLING -> resized(node, in);
                case FROM_CHANNELS -> unblocked(node, in);
                case FLATTEN,
                        SQUEEZE,
                        UNSQUEEZE,
                        RESHAPE,
                        BROADCASTING,
                        REPEATING,
                        PICKING_ALONG_AXIS,
                        PICKING_ELEMENTS,
                        PICKING -> reshaped(node, in);
                case JOIN -> touches(node, row, in) ? whole(in) : in;
                case ALONG_AXIS -> touches(node, row, in) ? whole(in) : elementwise(node, in);
                case PART -> touches(node, row, in) ? Field.UNKNOWN : in;
                case FROM_AXIS -> normalized(node, row, in);
                case REDUCTION -> reduced(node, in);
                case POINTWISE, PER_CHANNEL, ACROSS_CHANNELS, MASK -> elementwise(node, in);
                case SEQUENCE, NOWHERE, ANYWHERE -> Field.UNKNOWN;
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
            return in.heightAxis < 0
                    ? in
                    : Window.of(node, graph, in.heightAxis, in.widthAxis)
                            .map(window -> in.with(in.vertical.windowed(window, 0), in.horizontal.windowed(window, 1)))
                            .orElse(Field.UNKNOWN);
        }

        private Field transposedWindow(Node node, Field in) {
            return in.heightAxis < 0
                    ? in
                    : Window.of(node, graph, in.heightAxis, in.widthAxis)
                            .map(window -> in.with(in.vertical.spread(window, 0), in.horizontal.spread(window, 1)))
                            .orElse(in);
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

        private Field unblocked(Node node, Field in) {
            double block = node.attributes().integer("blocksize", 1);
            return in.heightAxis < 0
                    ? in
                    : in.with(
                            new Span(in.vertical.first, in.vertical.last, in.vertical.jump / block),
                            new Span(in.horizontal.first, in.horizontal.last, in.horizontal.jump / block));
        }

        /** Keeps positions if height and width stay the last axes; one vector per sample depends on everything. */
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

        private Field normalized(Node node, Operator row, Field in) {
            long positive = row.axis(node, rank(node.input(0)));
            return in.heightAxis >= positive || in.widthAxis >= positive ? whole(in) : in;
        }

        /** Whether the node's axis is height or width. */
        private boolean touches(Node node, Operator row, Field in) {
            int rank = rank(node.input(0));
            long[] stated = row.axis().isPresent() ? new long[] {row.axis(node, rank)} : constant(node.input(1));
            long axis = stated.length == 1 ? stated[0] : 0;
            long positive = axis < 0 ? axis + rank : axis;
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
