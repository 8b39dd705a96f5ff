package dev.vitrine.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorCases.Case;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Monotony;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What rows say of their operators: said of every one, and true of those that the interpreter can run. */
class OperatorTableTest {
    static List<Operator> rows() {
        return OperatorTable.ALL;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyPropertyIsSaid(Operator row) throws ReflectiveOperationException {
        for (RecordComponent component : Operator.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(row))
                    .as("%s says its %s", row.name(), component.getName())
                    .isNotNull();
        }
        assertThat(OperatorTable.ALL.stream().filter(other -> other.name().equals(row.name())))
                .as("one row for %s", row.name())
                .hasSize(1);
    }

    /** Properties that follow from one another. */
    @ParameterizedTest
    @MethodSource("rows")
    void propertiesAgree(Operator row) {
        boolean derived = row.derivative().isPresent();
        boolean free = row.kind() == Kind.GRADIENT_FREE;
        assertThat(row.space() == Space.ANYWHERE && row.effect() == Effect.UNKNOWN)
                .as("%s is known", row.name())
                .isFalse();
        assertThat(row.kind()).as(row.name()).isNotEqualTo(Kind.UNKNOWN);
        assertThat(row.relevance() == Relevance.NONE)
                .as("%s passes relevance where it has a derivative", row.name())
                .isEqualTo(!derived || free);
        assertThat(row.relevance() == Relevance.LAYER)
                .as("%s follows a rule of LRP where it is a layer", row.name())
                .isEqualTo(derived && row.kind() == Kind.LINEAR);
        assertThat(row.rescale() == Rescale.PIECEWISE_CONSTANT || row.rescale() == Rescale.STEPS)
                .as("%s is constant in pieces where it has no gradient", row.name())
                .isEqualTo(derived && free);
        assertThat(row.kernel() == Kernel.ATTRIBUTE || row.kernel().isWeighted())
                .as("%s has a kernel where it has a window", row.name())
                .isEqualTo(row.space() == Space.WINDOW || row.isConvolution());
        assertThat(row.role() == Role.NONE && row.space() == Space.POINTWISE && row.kind() != Kind.STRUCTURE)
                .as("%s says its role where it is element-wise", row.name())
                .isFalse();
        assertThat(row.effect().isQuantized() && row.function().isPresent())
                .as("%s is a function of numbers, not of codes", row.name())
                .isFalse();
        assertThat(row.weights()).as("weights of %s", row.name()).doesNotHaveDuplicates();
    }

    static List<Operator> functions() {
        return OperatorTable.ALL.stream()
                .filter(row -> row.function().isPresent())
                .toList();
    }

    /** Sign, order and zero of element-wise functions, at points on both sides of every bend. */
    @ParameterizedTest
    @MethodSource("functions")
    void functionsAreAsSaid(Operator row) {
        double before = Double.NaN;
        for (double x : points(row)) {
            double[] operands = row.sizes() == Sizes.BROADCAST ? new double[] {x, 0.25, 0.25} : new double[] {x};
            if (row.role() == Role.EXTREME || row.role() == Role.SUM || row.role() == Role.MEAN) {
                operands = new double[] {x, 0.25};
            }
            double y = row.function().orElseThrow().at(Attributes.NONE, operands);
            if (Double.isNaN(y) || Double.isInfinite(y)) {
                continue;
            }
            boolean bounded = row.signs() == Signs.NEVER_NEGATIVE || row.signs() == Signs.OF_GREATEST;
            if (bounded || x >= 0 && row.signs() == Signs.OF_OPERANDS) {
                assertThat(y).as("%s of %s", row.name(), x).isGreaterThanOrEqualTo(0);
            }
            if (row.monotony() == Monotony.RISING && !Double.isNaN(before)) {
                assertThat(y).as("%s of %s", row.name(), x).isGreaterThanOrEqualTo(before - 1e-12);
            }
            if (row.monotony() == Monotony.FALLING && !Double.isNaN(before)) {
                assertThat(y).as("%s of %s", row.name(), x).isLessThanOrEqualTo(before + 1e-12);
            }
            before = y;
        }
    }

    /** Truth values are 0 and 1. */
    private static double[] points(Operator row) {
        return row.role() == Role.CONDITION
                ? new double[] {0, 1}
                : IntStream.rangeClosed(-60, 60).mapToDouble(i -> i / 10.0).toArray();
    }

    /** Cases whose one node is of the operator that they are about. */
    static List<Case> cases() {
        return OperatorCases.ALL.stream()
                .filter(each -> only(each.fixed())
                        .filter(node -> node.operator().equals(each.operator()))
                        .isPresent())
                .toList();
    }

    private static Optional<Node> only(Graph graph) {
        return graph.nodes().size() == 1 ? Optional.of(graph.nodes().get(0)) : Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void casesAreAsSaid(Case each) {
        Graph graph = each.fixed();
        Node node = only(graph).orElseThrow();
        Operator row = OperatorTable.row(node);
        Map<Value, NDArray> operands = operands(graph, each);
        NDArray first = operands.get(node.input(0));
        NDArray result = result(graph, each.at(graph));
        sizes(row, node, operands, first, result);
        numbers(row, node, operands, first, result);
        if (row.function().isPresent()
                && row.sizes() == Sizes.SAME
                && node.inputs().size() == 1) {
            for (int i = 0; i < first.size(); i++) {
                double y = row.function().get().at(node.attributes(), new double[] {first.data()[i]});
                assertThat(y).as("%s of %s", each, first.data()[i]).isCloseTo(result.data()[i], within(1e-5));
            }
        }
        if (graph.inputs().contains(node.input(0))) {
            space(row, node, graph, each, first, result);
        }
    }

    private static void sizes(Operator row, Node node, Map<Value, NDArray> operands, NDArray first, NDArray result) {
        switch (row.sizes()) {
            case SAME -> assertThat(result.shape()).as(row.name()).isEqualTo(first.shape());
            case SAME_RANK -> assertThat(result.rank()).as(row.name()).isEqualTo(first.rank());
            case BROADCAST -> {
                int rank = node.inputs().stream()
                        .filter(operands::containsKey)
                        .mapToInt(value -> operands.get(value).rank())
                        .max()
                        .orElseThrow();
                assertThat(result.rank()).as(row.name()).isEqualTo(rank);
            }
            case OTHER -> {}
        }
    }

    private static void numbers(Operator row, Node node, Map<Value, NDArray> operands, NDArray first, NDArray result) {
        Set<Double> read = new HashSet<>(Set.of(0.0, -0.0));
        boolean positive = true;
        for (int i = 0; i < node.inputs().size(); i++) {
            NDArray operand = operands.get(node.input(i));
            if (operand != null && row.numbers().contains(i)) {
                Arrays.stream(operand.data()).forEach(read::add);
                positive &= Arrays.stream(operand.data()).allMatch(number -> number >= 0);
            }
        }
        if (row.effect() == Effect.NONE) {
            assertThat(result.data()).as(row.name()).isEqualTo(first.data());
        }
        // A pooling fills borders with the least number there is.
        if (row.effect().movesNumbers() || row.effect() == Effect.CHOOSES) {
            assertThat(Arrays.stream(result.data()).boxed()).as(row.name()).isSubsetOf(read);
        }
        if (row.signs() == Signs.NEVER_NEGATIVE || row.signs() == Signs.OF_OPERANDS && positive) {
            assertThat(Arrays.stream(result.data()).min().orElse(0))
                    .as(row.name())
                    .isGreaterThanOrEqualTo(0);
        }
    }

    /** Which elements of the result a change of one element of the first operand can alter. */
    private static void space(Operator row, Node node, Graph graph, Case each, NDArray first, NDArray result) {
        for (int changed = 0; changed < first.size(); changed++) {
            Map<Value, NDArray> at = new LinkedHashMap<>(each.at(graph));
            double[] data = first.data().clone();
            data[changed] += 0.4;
            at.put(node.input(0), new NDArray(data, first.shape(), first.kind()));
            NDArray other = result(graph, at);
            int[] from = place(changed, first.shape());
            for (int i = 0; i < result.size(); i++) {
                if (Double.compare(result.data()[i], other.data()[i]) != 0) {
                    assertThat(reaches(row, node, graph, from, place(i, result.shape()), first.shape()))
                            .as("%s: a change at %s alters %s", each, Arrays.toString(from), i)
                            .isTrue();
                }
            }
        }
    }

    private static boolean reaches(Operator row, Node node, Graph graph, int[] from, int[] to, long[] shape) {
        int rank = shape.length;
        return switch (row.space()) {
            case PER_CHANNEL ->
                differing(from, to, 0, rank).isEmpty() || node.attributes().integer("training_mode", 0) == 1;
            case POINTWISE, MASK ->
                to.length < rank || differing(from, to, 0, rank).isEmpty() || row.sizes() == Sizes.BROADCAST;
            case ACROSS_CHANNELS -> differing(from, to, 0, rank).stream().allMatch(axis -> axis == 1);
            case ALONG_AXIS ->
                row.axis().isEmpty()
                        || to.length < rank
                        || differing(from, to, 0, rank).stream().allMatch(axis -> axis == row.axis(node, rank));
            case FROM_AXIS -> differing(from, to, 0, rank).stream().allMatch(axis -> axis >= row.axis(node, rank));
            case WINDOW, TO_CHANNELS, SLICE, PADDING -> isInWindow(node, graph, from, to, rank);
            case WHOLE_MAP -> from[0] == to[0];
            case JOIN, PART -> differing(from, to, 0, rank).stream().allMatch(axis -> axis == row.axis(node, rank));
            case NOWHERE -> false;
            case SPREAD,
                    PRODUCT,
                    REDUCTION,
                    TURN,
                    FLATTEN,
                    SQUEEZE,
                    UNSQUEEZE,
                    RESHAPE,
                    FROM_CHANNELS,
                    RESAMPLING,
                    BROADCASTING,
                    REPEATING,
                    PICKING_ALONG_AXIS,
                    PICKING_ELEMENTS,
                    PICKING,
                    SAMPLING,
                    SEQUENCE,
                    ANYWHERE -> true;
        };
    }

    /** Whether a place of the result reads a place, by the window along each axis; reflected borders are nearer. */
    private static boolean isInWindow(Node node, Graph graph, int[] from, int[] to, int rank) {
        Space space = OperatorTable.row(node).space();
        boolean anyAxis = space == Space.SLICE || space == Space.PADDING;
        int first = anyAxis ? 0 : 2;
        Optional<Window> window =
                Window.of(node, graph, IntStream.range(first, rank).toArray());
        boolean constant = node.attributes().text("mode", "constant").equals("constant");
        if (window.isEmpty() || !constant) {
            return true;
        }
        for (int axis = first; axis < rank; axis++) {
            Window along = window.get();
            long start = to[axis] * along.strides()[axis - first] - along.padsBegin()[axis - first];
            long offset = from[axis] - start;
            if (along.strides()[axis - first] > 0
                    && (offset < 0
                            || offset >= along.extent(axis - first)
                            || offset % along.dilations()[axis - first] != 0)) {
                return false;
            }
        }
        return true;
    }

    private static List<Integer> differing(int[] from, int[] to, int first, int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = first; axis < rank; axis++) {
            if (from[axis] != to[axis]) {
                axes.add(axis);
            }
        }
        return axes;
    }

    private static int[] place(int index, long[] shape) {
        int[] place = new int[shape.length];
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = (int) (rest % shape[axis]);
            rest /= (int) shape[axis];
        }
        return place;
    }

    private static Map<Value, NDArray> operands(Graph graph, Case each) {
        Map<Value, NDArray> operands = new LinkedHashMap<>(each.at(graph));
        graph.constants().forEach((value, tensor) -> operands.put(value, NDArray.of(tensor)));
        return operands;
    }

    private static NDArray result(Graph graph, Map<Value, NDArray> at) {
        return Interpreter.evaluate(graph, at).get(graph.outputs().get(0));
    }
}
