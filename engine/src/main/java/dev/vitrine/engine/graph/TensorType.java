package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Element type and dimensions of a value. */
public record TensorType(ElementType elementType, List<Dimension> dimensions) {
    public TensorType {
        dimensions = List.copyOf(dimensions);
    }

    public static TensorType of(ElementType elementType, long... shape) {
        return new TensorType(
                elementType, Arrays.stream(shape).mapToObj(Dimension::of).toList());
    }

    public static TensorType of(Tensor tensor) {
        return of(tensor.elementType(), tensor.shape());
    }

    public int rank() {
        return dimensions.size();
    }

    /** Dimension along an axis; a negative axis counts from the end. */
    public Dimension dimension(int axis) {
        return dimensions.get(axis < 0 ? axis + rank() : axis);
    }

    public TensorType withDimension(int axis, Dimension dimension) {
        List<Dimension> changed = new java.util.ArrayList<>(dimensions);
        changed.set(axis, dimension);
        return new TensorType(elementType, changed);
    }

    /** Whether every dimension is known. */
    public boolean isStatic() {
        return dimensions.stream().allMatch(Dimension::isFixed);
    }

    /** Whether both types may describe the same value: open sizes match any. */
    public boolean agrees(TensorType other) {
        return elementType == other.elementType
                && rank() == other.rank()
                && IntStream.range(0, rank()).allMatch(axis -> {
                    Dimension own = dimension(axis);
                    Dimension its = other.dimension(axis);
                    return !own.isFixed() || !its.isFixed() || own.size() == its.size();
                });
    }

    /** Sizes, with -1 for those known only at run time. */
    public long[] shape() {
        return dimensions.stream().mapToLong(Dimension::size).toArray();
    }

    @Override
    public String toString() {
        return elementType.name().toLowerCase(java.util.Locale.ROOT) + dimensions;
    }
}
