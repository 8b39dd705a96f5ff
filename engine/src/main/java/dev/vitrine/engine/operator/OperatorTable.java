package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Monotony;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.operator.property.Whole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator table: one row per operator, in the list of its family ({@link LinearRows} and the like). To add an
 * operator, write its rule and its row, and add a case to its tests.
 */
public final class OperatorTable {
    /** All known operators, in table order. */
    public static final List<Operator> ALL = Stream.of(
                    LinearRows.ALL,
                    ActivationRows.ALL,
                    PoolingRows.ALL,
                    ArithmeticRows.ALL,
                    StructureRows.ALL,
                    GradientFreeRows.ALL,
                    UndifferentiatedRows.ALL)
            .flatMap(List::stream)
            .toList();

    private static final Map<String, Operator> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Operator::name, Function.identity()));

    private OperatorTable() {}

    /** The row of a node's operator; an unknown operator's row where the table has none. */
    public static Operator row(Node node) {
        return row(node.operator());
    }

    /** The row of an operator's name, as {@link #row(Node)}. */
    public static Operator row(String operator) {
        Operator found = BY_NAME.get(operator);
        return found == null ? unknown(operator) : found;
    }

    /** The derivative of a node's operator, if it has one. */
    public static Optional<BackwardRule> derivative(Node node) {
        return row(node).derivative();
    }

    /** Whether the gradient of a node is 0 everywhere, as of steps and comparisons. */
    public static boolean isFlat(Node node) {
        return GradientFreeRows.ALL.contains(row(node));
    }

    public static boolean isDifferentiable(Node node) {
        return derivative(node).isPresent();
    }

    private static Operator unknown(String name) {
        return new Operator(
                name,
                Words.of(name),
                Kind.UNKNOWN,
                Space.ANYWHERE,
                Sizes.OTHER,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.UNKNOWN,
                Operands.ALL,
                Monotony.NEITHER,
                Role.NONE,
                Signs.ANY,
                Whole.DIFFERS,
                List.of(),
                Relevance.NONE,
                Rescale.NONE,
                Optional.empty(),
                Optional.empty());
    }
}
