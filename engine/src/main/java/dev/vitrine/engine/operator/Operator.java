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
 * All that is known of one operator. Whoever asks about an operator asks its row, so that one more is one more row.
 *
 * @param name as in {@link Node#operator()}
 * @param word what layers that it makes are called for short, such as {@code conv}
 * @param kind what it is
 * @param space where in its operands an element of the result comes from
 * @param sizes how large the result is
 * @param axis what its attribute {@code axis} is where it is left out
 * @param kernel where its window has its size from
 * @param effect what becomes of the numbers
 * @param numbers which inputs hold numbers
 * @param monotony whether it keeps the order of numbers
 * @param role the part that it plays in a network
 * @param signs what is known of the sign of results
 * @param whole what it does with whole numbers
 * @param weights the inputs that are learned where they are constants
 * @param relevance how relevance passes
 * @param rescale how DeepLIFT's contributions pass
 * @param function what it computes of each element, where that is known
 * @param derivative its derivative; none where a gradient through it fails by name
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
    /** What an operator is. */
    public enum Kind {
        /** Linear in its input, with weights: convolution, matrix product. */
        LINEAR,
        /** An element-wise function of one input that is not linear. */
        ACTIVATION,
        /** Chooses or combines elements in windows. */
        POOLING,
        /** Element-wise arithmetic on one or more inputs. */
        ARITHMETIC,
        /** Divides by a measure of its input, or by fixed statistics. */
        NORMALIZATION,
        /** Sums, or takes an extreme, over axes. */
        REDUCTION,
        /** Moves, copies or drops elements without changing them. */
        STRUCTURE,
        /** Its gradient is zero everywhere, or it computes no real number. */
        GRADIENT_FREE,
        /** A layer that keeps a state from step to step. */
        RECURRENT,
        /** Branches and loops. */
        CONTROL,
        /** Not in the table. */
        UNKNOWN
    }

    public Operator {
        weights = List.copyOf(weights);
    }

    /** Whether it is a convolution, of whatever dimensions, groups and number types. */
    public boolean isConvolution() {
        return kind == Kind.LINEAR && kernel.isWeighted();
    }

    /** Whether it takes the greatest number of each window, or of all places. */
    public boolean isMaxPooling() {
        return kind == Kind.POOLING && effect == Effect.CHOOSES;
    }

    /** What a layer is called that reads so many values of the picture: a product of one of them is a dense layer. */
    public String word(long ways) {
        return word.equals(Words.PRODUCT) && ways < 2 ? Words.DENSE : word;
    }

    /** Whether the result has every number of the first operand once, but for its type and rounding. */
    public boolean keepsEachNumber() {
        return effect.passesNumbers() || space.keepsOrder() || space == Space.TURN;
    }

    /** Whether it keeps the order of the numbers of each channel, up to a sign. */
    public boolean keepsOrder() {
        return monotony == Monotony.RISING && space == Space.POINTWISE && kind != Kind.ARITHMETIC
                || space == Space.PER_CHANNEL
                || space == Space.FLATTEN;
    }

    /** Whether it adds, element by element. */
    public boolean isAddition() {
        return role == Role.SUM && space == Space.POINTWISE;
    }

    /** Whether it takes means over axes, or over all places. */
    public boolean isMeanOverAxes() {
        return role == Role.MEAN && (space == Space.REDUCTION || space == Space.WHOLE_MAP);
    }

    /** Whether the result depends on the sizes of operands only. */
    public boolean isSizeOnly() {
        return effect == Effect.MEASURES;
    }

    /** Whether each run gives other numbers. */
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

    /** The axis of one of its nodes, counted from the front, in a value of some rank. */
    public long axis(Node node, int rank) {
        long stated = node.attributes().integer("axis", axis.orElse(0));
        return stated < 0 ? stated + rank : stated;
    }
}
