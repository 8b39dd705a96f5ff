package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Monotony;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.ScalarFunction;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.operator.property.Whole;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything known about one operator. All questions about an operator are answered by its row, so that a new operator
 * is one new row.
 *
 * @param name as in {@link Node#operator()}
 * @param word short name of its layers, such as {@code conv}
 * @param kind its kind
 * @param space which elements of its operands an element of the result comes from
 * @param sizes the size of the result
 * @param axis default of its attribute {@code axis}
 * @param kernel what defines the size of its window
 * @param effect what it does to the numbers
 * @param numbers which inputs hold numbers
 * @param monotony whether it keeps the order of numbers
 * @param role its role in a network
 * @param signs the known sign of its results
 * @param whole how it treats integers
 * @param weights the inputs that are learned parameters where they are constants
 * @param relevance how relevance propagates
 * @param rescale how DeepLIFT's contributions propagate
 * @param function its scalar function, where known
 * @param derivative its derivative; empty where a gradient through it is refused by name
 */
public record Operator(
        String name,
        String word,
        Kind kind,
        Space space,
        Sizes sizes,
        OptionalLong axis,
        Kernel kernel,
        Effect effect,
        Operands numbers,
        Monotony monotony,
        Role role,
        Signs signs,
        Whole whole,
        List<Integer> weights,
        Relevance relevance,
        Rescale rescale,
        Optional<ScalarFunction> function,
        Optional<BackwardRule> derivative) {
    /** The kind of an operator. */
    public enum Kind {
        /** Linear in its input, with weights: convolution, matrix product. */
        LINEAR,
        /** A nonlinear element-wise function of one input. */
        ACTIVATION,
        /** Chooses or combines elements in windows. */
        POOLING,
        /** Element-wise arithmetic on one or more inputs. */
        ARITHMETIC,
        /** Divides by a measure of its input, or by fixed statistics. */
        NORMALIZATION,
        /** A sum or an extreme over axes. */
        REDUCTION,
        /** Moves, copies or drops elements without changing them. */
        STRUCTURE,
        /** Its gradient is zero everywhere, or its result is not a real number. */
        GRADIENT_FREE,
        /** A recurrent layer. */
        RECURRENT,
        /** Branches and loops. */
        CONTROL,
        /** Not in the table. */
        UNKNOWN
    }

    public Operator {
        weights = List.copyOf(weights);
    }

    /** Whether it is a convolution of any rank, groups and number type. */
    public boolean isConvolution() {
        return kind == Kind.LINEAR && kernel.isWeighted();
    }

    /** Whether it takes the maximum of each window, or of all positions. */
    public boolean isMaxPooling() {
        return kind == Kind.POOLING && effect == Effect.CHOOSES;
    }

    /**
     * Short name of a layer, by the number of its operands that depend on the picture: a product with one such is a
     * dense layer.
     */
    public String word(long ways) {
        return word.equals(Words.PRODUCT) && ways < 2 ? Words.DENSE : word;
    }

    /** Whether the result contains each number of the first operand exactly once, up to type and rounding. */
    public boolean keepsEachNumber() {
        return effect.passesNumbers() || space.keepsOrder() || space == Space.TURN;
    }

    /** Whether it is monotone within each channel, up to a sign. */
    public boolean keepsOrder() {
        return monotony == Monotony.RISING && space == Space.POINTWISE && kind != Kind.ARITHMETIC
                || space == Space.PER_CHANNEL
                || space == Space.FLATTEN;
    }

    /** Whether it adds, element by element. */
    public boolean isAddition() {
        return role == Role.SUM && space == Space.POINTWISE;
    }

    /** Whether it averages over axes, or over all positions. */
    public boolean isMeanOverAxes() {
        return role == Role.MEAN && (space == Space.REDUCTION || space == Space.WHOLE_MAP);
    }

    /** Whether the result depends only on the sizes of operands. */
    public boolean isSizeOnly() {
        return effect == Effect.MEASURES;
    }

    /** Whether each run gives different numbers. */
    public boolean isRandom() {
        return effect == Effect.DRAWS;
    }

    /** Whether it maps 0 to 0, element by element. */
    public boolean keepsZero(Attributes attributes) {
        double[] zero = {0, 1, 1};
        return function.isPresent() && function.get().at(attributes, zero) == 0;
    }

    /** Whether a bias can be added at input 2. */
    public boolean hasBias() {
        return kind == Kind.LINEAR && weights.contains(2);
    }

    /** The non-negative axis of one of its nodes, for a value of the given rank. */
    public long axis(Node node, int rank) {
        long stated = node.attributes().integer("axis", axis.orElse(0));
        return stated < 0 ? stated + rank : stated;
    }
}
