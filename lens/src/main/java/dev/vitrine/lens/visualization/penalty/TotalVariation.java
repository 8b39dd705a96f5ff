package dev.vitrine.lens.visualization.penalty;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;

/**
 * weight · Σ ((x[i,j+1] − x[i,j])² + (x[i+1,j] − x[i,j])²)^(β/2), over positions and channels. Mahendran and Vedaldi
 * 2015, arXiv:1412.0035.
 *
 * @param beta 1 preserves edges, 2 smooths uniformly
 */
public record TotalVariation(double weight, double beta) implements Penalty {
    /** Keeps the gradient finite in constant regions. */
    private static final float SMALL = 1e-6f;

    public TotalVariation {
        if (weight < 0 || !(beta > 0)) {
            throw new IllegalArgumentException("weight " + weight + ", beta " + beta);
        }
    }

    @Override
    public String label() {
        return "total variation " + weight + " (beta " + beta + ")";
    }

    @Override
    public Value emit(GraphBuilder builder, Value pictures, long[] shape) {
        Value all = builder.node("Add", square(builder, pictures, shape, 3), square(builder, pictures, shape, 2));
        Value powered = beta == 2
                ? all
                : builder.node(
                        "Pow", builder.node("Add", all, builder.constant(SMALL)), builder.constant((float) (beta / 2)));
        Value sum = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), powered);
        return builder.node("Mul", sum, builder.constant((float) weight));
    }

    /** Squared differences along an axis, at positions with neighbors along both axes. */
    private static Value square(GraphBuilder builder, Value pictures, long[] shape, int axis) {
        long height = shape[2] - 1;
        long width = shape[3] - 1;
        long down = axis == 2 ? 1 : 0;
        long right = axis == 3 ? 1 : 0;
        Value next = builder.node(
                "Slice",
                pictures,
                builder.vector(down, right),
                builder.vector(height + down, width + right),
                builder.vector(2, 3));
        Value here = builder.node(
                "Slice", pictures, builder.vector(0, 0), builder.vector(height, width), builder.vector(2, 3));
        Value difference = builder.node("Sub", next, here);
        return builder.node("Mul", difference, difference);
    }
}
