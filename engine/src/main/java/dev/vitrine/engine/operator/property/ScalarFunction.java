package dev.vitrine.engine.operator.property;

import dev.vitrine.engine.graph.Attributes;

/** An element-wise operator as a function of real numbers; a truth value is 0 or 1. */
@FunctionalInterface
public interface ScalarFunction {
    /**
     * One element of the result.
     *
     * @param inputs one element of each operand; NaN, or none, stands for an omitted one
     */
    double at(Attributes attributes, double[] inputs);
}
