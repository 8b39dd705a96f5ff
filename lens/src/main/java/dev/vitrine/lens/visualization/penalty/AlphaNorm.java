package dev.vitrine.lens.visualization.penalty;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;

/**
 * weight · Σ |x − ½|^α: keeps the picture near gray, and for a large α only away from black and white. Mahendran and
 * Vedaldi 2015, arXiv:1412.0035.
 */
public record AlphaNorm(double weight, double alpha) implements Penalty {
    public AlphaNorm {
        if (weight < 0 || !(alpha >= 1)) {
            throw new IllegalArgumentException("weight " + weight + ", alpha " + alpha);
        }
    }

    @Override
    public String label() {
        return "alpha norm " + weight + " (alpha " + alpha + ")";
    }

    @Override
    public Value emit(GraphBuilder builder, Value pictures, long[] shape) {
        Value off = builder.node("Sub", pictures, builder.constant(0.5f));
        Value powered = builder.node("Pow", builder.node("Abs", off), builder.constant((float) alpha));
        Value sum = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), powered);
        return builder.node("Mul", sum, builder.constant((float) weight));
    }
}
