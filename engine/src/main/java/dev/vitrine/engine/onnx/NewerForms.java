package dev.vitrine.engine.onnx;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/** The adapters of {@link OpsetNormalizer#NOVELTIES}. */
final class NewerForms {
    private NewerForms() {}

    static Optional<List<Node>> kept(Node node, BorderScope scope) {
        return Optional.empty();
    }

    static OpsetNormalizer.DownAdapter keptWith(String attribute) {
        return (node, scope) -> node.attributes().has(attribute) ? Optional.empty() : Optional.of(List.of(node));
    }

    /** {@code round_mode} only matters for float8e8m0, which no tensor here has. */
    static Optional<List<Node>> roundMode(Node node, BorderScope scope) {
        return Optional.of(List.of(node.withAttributes(node.attributes().without("round_mode"))));
    }

    /** y = x · sigmoid(alpha · x). */
    static Optional<List<Node>> swish(Node node, BorderScope scope) {
        float alpha = node.attributes().real("alpha", 1);
        Value x = node.input(0);
        Value gate = scope.fresh(node.name() + "/gate");
        Node multiply = scope.node("Mul", Attributes.NONE, node.output(), x, gate);
        if (alpha == 1) {
            return Optional.of(List.of(scope.node("Sigmoid", Attributes.NONE, gate, x), multiply));
        }
        Value factor = scope.constant(
                node.name() + "/alpha", FloatConversion.convert(Tensor.scalar(alpha), scope.elementType(x)));
        Value scaled = scope.fresh(node.name() + "/scaled");
        return Optional.of(List.of(
                scope.node("Mul", Attributes.NONE, scaled, x, factor),
                scope.node("Sigmoid", Attributes.NONE, gate, scaled),
                multiply));
    }

    /** y = x / sqrt(mean(x²) + epsilon) · scale, the mean over the dimensions from {@code axis} on. */
    static Optional<List<Node>> rootMeanSquare(Node node, BorderScope scope) {
        long axis = node.attributes().integer("axis", -1);
        OptionalInt rank = scope.rank(node.input(0));
        if ((axis >= 0 && rank.isEmpty()) || scope.elementType(node.input(0)) != ElementType.FLOAT32) {
            return Optional.empty();
        }
        long first = axis < 0 ? axis : axis - rank.getAsInt();
        Value x = node.input(0);
        Value axes = scope.constant(
                node.name() + "/axes", Tensor.vector(LongStream.range(first, 0).toArray()));
        Value epsilon = scope.constant(
                node.name() + "/epsilon", Tensor.scalar(node.attributes().real("epsilon", 1e-5f)));
        Value square = scope.fresh(node.name() + "/square");
        Value mean = scope.fresh(node.name() + "/mean");
        Value positive = scope.fresh(node.name() + "/positive");
        Value root = scope.fresh(node.name() + "/root");
        Value normal = scope.fresh(node.name() + "/normal");
        return Optional.of(List.of(
                scope.node("Mul", Attributes.NONE, square, x, x),
                scope.node("ReduceMean", Attributes.NONE, mean, square, axes),
                scope.node("Add", Attributes.NONE, positive, mean, epsilon),
                scope.node("Sqrt", Attributes.NONE, root, positive),
                scope.node("Div", Attributes.NONE, normal, x, root),
                scope.node("Mul", Attributes.NONE, node.output(), normal, node.input(1))));
    }
}
