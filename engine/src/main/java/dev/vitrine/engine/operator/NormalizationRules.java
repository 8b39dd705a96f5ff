package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of normalization. */
final class NormalizationRules {
    private NormalizationRules() {}

    /**
     * Of y = γ (x − μ)/√(σ² + ε) + β with fixed μ and σ²: dx = dy · γ/√(σ² + ε), dγ = Σ dy (x − μ)/√(σ² + ε), dβ = Σ
     * dy.
     */
    static InputGradients batch(Node node, List<Value> gradients, BackwardContext c) {
        if (node.attributes().integer("training_mode", 0) == 1) {
            return batchStatistics(node, gradients, c);
        }
        if (c.wants(3) || c.wants(4)) {
            throw c.unsupported(
                    "a gradient asked for its running statistics", "scale, bias or input", "Ask for those instead");
        }
        Value x = node.input(0);
        int rank = c.rank(x);
        Value gradient = gradients.get(0);
        Value variance = c.add(node.input(4), c.scalar(node.attributes().real("epsilon", 1e-5f)));
        Value inverse = c.node("Reciprocal", c.node("Sqrt", variance));
        long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
        Value dx = c.wants(0)
                ? c.multiply(gradient, overChannels(c.multiply(node.input(1), inverse), rank, c))
                : Value.NONE;
        Value dscale = Value.NONE;
        if (c.wants(1)) {
            Value centered = c.subtract(x, overChannels(node.input(3), rank, c));
            dscale = c.multiply(c.sumAway(c.multiply(gradient, centered), others), inverse);
        }
        Value dbias = c.wants(2) ? c.sumAway(gradient, others) : Value.NONE;
        return InputGradients.of(dx, dscale, dbias);
    }

    /**
     * With μ and σ² of the batch itself, n numbers per channel, and d = x − μ, s = 1/√(σ² + ε): dγ = s Σ dy·d, dβ = Σ
     * dy, dx = γ s (dy − dβ/n − d s² Σ dy·d / n). Ioffe and Szegedy 2015, arXiv:1502.03167.
     */
    private static InputGradients batchStatistics(Node node, List<Value> gradients, BackwardContext c) {
        if (gradients.stream().skip(1).anyMatch(Value::isPresent)) {
            throw c.unsupported(
                    "a gradient for its running statistics",
                    "of its first output only",
                    "Leave those out of the objective");
        }
        Value x = node.input(0);
        Value gradient = gradients.get(0);
        int rank = c.rank(x);
        long[] axes = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
        Value difference = c.subtract(x, c.mean(x, axes));
        Value variance = c.mean(c.multiply(difference, difference), axes);
        Value epsilon = c.scalar(node.attributes().real("epsilon", 1e-5f));
        Value inverse = c.node("Reciprocal", c.node("Sqrt", c.add(variance, epsilon)));
        Value along = c.mean(c.multiply(gradient, difference), axes);
        Value level = c.mean(gradient, axes);
        Value dx = Value.NONE;
        if (c.wants(0)) {
            Value slope = c.multiply(along, c.multiply(inverse, inverse));
            Value centered = c.subtract(c.subtract(gradient, level), c.multiply(difference, slope));
            dx = c.multiply(centered, c.multiply(overChannels(node.input(1), rank, c), inverse));
        }
        Value count = c.countPerChannel(x);
        Value dscale = c.wants(1) ? c.reshape(c.multiply(c.multiply(along, inverse), count), -1) : Value.NONE;
        Value dbias = c.wants(2) ? c.reshape(c.multiply(level, count), -1) : Value.NONE;
        return InputGradients.of(dx, dscale, dbias);
    }

    /** Normalized over the positions of each channel of each sample. */
    static InputGradients instance(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        int rank = c.rank(x);
        long[] axes = LongStream.range(2, rank).toArray();
        float epsilon = node.attributes().real("epsilon", 1e-5f);
        Normalized normalized = normalize(x, axes, epsilon, c);
        Value gradient = gradients.get(0);
        long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
        Value dx = c.wants(0)
                ? normalized.toInput(c.multiply(gradient, overChannels(node.input(1), rank, c)), axes, c)
                : Value.NONE;
        Value dscale = c.wants(1) ? c.sumAway(c.multiply(gradient, normalized.value()), others) : Value.NONE;
        Value dbias = c.wants(2) ? c.sumAway(gradient, others) : Value.NONE;
        return InputGradients.of(dx, dscale, dbias);
    }

    /** Normalized over the last axes of each sample. */
    static InputGradients layer(Node node, List<Value> gradients, BackwardContext c) {
        if (gradients.stream().skip(1).anyMatch(Value::isPresent)) {
            throw c.unsupported(
                    "a gradient for its mean or deviation",
                    "one for its first output only",
                    "Compute those with ReduceMean");
        }
        Value x = node.input(0);
        int rank = c.rank(x);
        long first = node.attributes().integer("axis", -1);
        long[] axes = LongStream.range(first < 0 ? first + rank : first, rank).toArray();
        Normalized normalized = normalize(x, axes, node.attributes().real("epsilon", 1e-5f), c);
        Value gradient = gradients.get(0);
        Value dx = c.wants(0) ? normalized.toInput(c.multiply(gradient, node.input(1)), axes, c) : Value.NONE;
        Value dscale =
                c.wants(1) ? c.unbroadcast(c.multiply(gradient, normalized.value()), x, node.input(1)) : Value.NONE;
        Value dbias = node.input(2).isPresent() && c.wants(2) ? c.unbroadcast(gradient, x, node.input(2)) : Value.NONE;
        return InputGradients.of(dx, dscale, dbias);
    }

    /** Normalized over the positions and channels of each group of channels of each sample. */
    static InputGradients group(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        int rank = c.rank(x);
        long groups = node.attributes().integer("num_groups", 1);
        Value grouped = c.reshape(x, 0, groups, -1);
        long[] axes = {2};
        Normalized normalized = normalize(grouped, axes, node.attributes().real("epsilon", 1e-5f), c);
        Value gradient = gradients.get(0);
        long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
        Value dx = Value.NONE;
        if (c.wants(0)) {
            Value scaled = c.multiply(gradient, overChannels(node.input(1), rank, c));
            dx = c.reshapeLike(normalized.toInput(c.reshape(scaled, 0, groups, -1), axes, c), x);
        }
        Value dscale =
                c.wants(1) ? c.sumAway(c.multiply(gradient, c.reshapeLike(normalized.value(), x)), others) : Value.NONE;
        Value dbias = c.wants(2) ? c.sumAway(gradient, others) : Value.NONE;
        return InputGradients.of(dx, dscale, dbias);
    }

    /** x̂ = (x − mean)/√(variance + ε) over some axes. */
    private record Normalized(Value value, Value inverseDeviation) {
        /** dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ ⊙ x̂))/√(variance + ε). Ioffe and Szegedy 2015, arXiv:1502.03167. */
        Value toInput(Value gradient, long[] axes, BackwardContext c) {
            Value slope = c.mean(c.multiply(gradient, value), axes);
            Value centered = c.subtract(c.subtract(gradient, c.mean(gradient, axes)), c.multiply(value, slope));
            return c.multiply(centered, inverseDeviation);
        }
    }

    private static Normalized normalize(Value x, long[] axes, float epsilon, BackwardContext c) {
        Value centered = c.subtract(x, c.mean(x, axes));
        Value variance = c.mean(c.multiply(centered, centered), axes);
        Value inverse = c.node("Reciprocal", c.node("Sqrt", c.add(variance, c.scalar(epsilon))));
        return new Normalized(c.multiply(centered, inverse), inverse);
    }

    /**
     * Of y = x · D^−β, D = κ + α/n Σ x² over the n channels around each: dx = dy · D^−β − 2αβ/n · x · Σ dy · x ·
     * D^(−β−1), where the second sum runs over the channels whose window contains this one.
     */
    static InputGradients localResponse(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value gradient = gradients.get(0);
        long size = node.attributes().integer("size", 1);
        double alpha = node.attributes().real("alpha", 1e-4f);
        double beta = node.attributes().real("beta", 0.75f);
        double bias = node.attributes().real("bias", 1f);
        long before = (size - 1) / 2;
        long after = size - 1 - before;
        Value squares = channelSum(c.multiply(x, x), x, before, after, alpha / size, c);
        Value denominator = c.add(squares, c.scalar(bias));
        Value direct = c.divide(gradient, power(denominator, beta, c));
        Value weighted = c.divide(c.multiply(direct, x), denominator);
        Value neighbors = channelSum(weighted, x, after, before, 2 * alpha * beta / size, c);
        return InputGradients.of(c.subtract(direct, c.multiply(x, neighbors)));
    }

    /** base^exponent; the usual exponent 0.75 uses square roots, which are several times faster. */
    private static Value power(Value base, double exponent, BackwardContext c) {
        if (exponent != 0.75) {
            return c.node("Pow", base, c.scalar(exponent));
        }
        Value root = c.node("Sqrt", base);
        return c.multiply(root, c.node("Sqrt", root));
    }

    /** Largest number of channels for which a matrix of all pairs is used. */
    private static final long MANY_CHANNELS = 512;

    /** Sums over a window of channels, from {@code before} below to {@code after} above each, times a factor. */
    private static Value channelSum(
            Value value, Value like, long before, long after, double factor, BackwardContext c) {
        long channels = c.size(like, 1);
        if (channels <= MANY_CHANNELS) {
            return c.node("Conv", value, c.builder().constant(band((int) channels, before, after, factor)));
        }
        Value columns = c.reshape(value, 0, 1, channels, -1);
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", before + after + 1, 1)
                .with("pads", before, 0, after, 0)
                .with("count_include_pad", 1);
        Value average = c.node("AveragePool", attributes, columns);
        return c.reshapeLike(c.multiply(average, factor * (before + after + 1)), like);
    }

    private static Tensor band(int channels, long before, long after, double factor) {
        float[] band = new float[channels * channels];
        for (int to = 0; to < channels; to++) {
            for (int from = (int) Math.max(0, to - before); from <= Math.min(channels - 1, to + after); from++) {
                band[to * channels + from] = (float) factor;
            }
        }
        return Tensor.floats(band, channels, channels, 1, 1);
    }

    /** Of y = x/‖x‖: with the 2-norm dx = (dy − y Σ dy y)/‖x‖, with the 1-norm dx = (dy − sign(x) Σ dy y)/‖x‖. */
    static InputGradients lpNorm(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value y = node.output();
        Value gradient = gradients.get(0);
        long axis = node.attributes().integer("axis", -1);
        boolean euclidean = node.attributes().integer("p", 2) == 2;
        Value norm = c.node(
                euclidean ? "ReduceL2" : "ReduceL1",
                Attributes.NONE.with("keepdims", 1),
                x,
                c.builder().vector(axis));
        Value direction = euclidean ? y : c.node("Sign", x);
        Value along = c.multiply(direction, c.sum(c.multiply(gradient, y), axis));
        Value zero = c.node("Equal", norm, c.zero());
        Value safe = c.where(zero, c.scalar(1), norm);
        return InputGradients.of(c.where(zero, c.zero(), c.divide(c.subtract(gradient, along), safe)));
    }

    /** A vector with one entry per channel, shaped to broadcast over {@code [N, C, …]}. */
    private static Value overChannels(Value vector, int rank, BackwardContext c) {
        long[] shape = new long[rank - 1];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        return c.reshape(vector, shape);
    }
}
