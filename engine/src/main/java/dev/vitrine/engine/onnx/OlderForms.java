package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The adapters of {@link OpsetNormalizer#CHANGES}. */
final class OlderForms {
    private OlderForms() {}

    /**
     * Opset 7 {@code spatial=0}: mean, variance, scale and shift for each element of a sample, not for each channel.
     */
    static List<Node> statisticsForEachElement(Node node, BorderScope scope) {
        if (node.attributes().integer("spatial", 1) != 0) {
            return List.of(node.withAttributes(node.attributes().without("spatial")));
        }
        Value epsilon = scope.constant(
                node.name() + "/epsilon", Tensor.scalar(node.attributes().real("epsilon", 1e-5f)));
        Value variance = scope.fresh(node.name() + "/variance");
        Value deviation = scope.fresh(node.name() + "/deviation");
        Value centered = scope.fresh(node.name() + "/centered");
        Value normal = scope.fresh(node.name() + "/normal");
        Value scaled = scope.fresh(node.name() + "/scaled");
        return List.of(
                scope.node("Add", Attributes.NONE, variance, node.input(4), epsilon),
                scope.node("Sqrt", Attributes.NONE, deviation, variance),
                scope.node("Sub", Attributes.NONE, centered, node.input(0), node.input(3)),
                scope.node("Div", Attributes.NONE, normal, centered, deviation),
                scope.node("Mul", Attributes.NONE, scaled, normal, node.input(1)),
                scope.node("Add", Attributes.NONE, node.output(), scaled, node.input(2)));
    }

    /** Before opset 14 the further outputs were for training only. */
    static List<Node> firstOutputOnly(Node node, BorderScope scope) {
        return List.of(node.withOutputs(node.outputs().subList(0, 1)));
    }

    static List<Node> clipLimits(Node node, BorderScope scope) {
        ElementType type = scope.elementType(node.input(0));
        return List.of(new Node(
                node.name(),
                "",
                "Clip",
                BorderScope.trimmed(
                        List.of(node.input(0), limit(node, "min", type, scope), limit(node, "max", type, scope))),
                node.outputs(),
                node.attributes().without("min").without("max")));
    }

    private static Value limit(Node node, String name, ElementType type, BorderScope scope) {
        return node.attributes().has(name)
                ? scope.constant(
                        node.name() + "/" + name,
                        scalar(node, type, node.attributes().real(name, 0)))
                : Value.NONE;
    }

    private static Tensor scalar(Node node, ElementType type, float value) {
        if (!type.isFloating()) {
            throw VitrineException.failure(node.label() + ": found an input of " + type
                    + ", expected a floating-point type, as opset 10 and below require. The file is damaged; export"
                    + " the model"
                    + " again.");
        }
        return FloatConversion.convert(Tensor.scalar(value), type);
    }

    static List<Node> fourierAxis(Node node, BorderScope scope) {
        Value axis = scope.constant(
                node.name() + "/axis", Tensor.scalar(node.attributes().integer("axis", 1)));
        return List.of(node.withAttributes(node.attributes().without("axis"))
                .withInputs(List.of(node.input(0), node.input(1), axis)));
    }

    static List<Node> dropoutRatio(Node node, BorderScope scope) {
        Node plain = node.withAttributes(node.attributes().without("ratio"));
        if (!node.attributes().has("ratio")) {
            return List.of(plain);
        }
        Value ratio = scope.constant(
                node.name() + "/ratio", Tensor.scalar(node.attributes().real("ratio", .5f)));
        return List.of(plain.withInputs(List.of(node.input(0), ratio)));
    }

    static List<Node> gridSampleMode(Node node, BorderScope scope) {
        String mode = switch (node.attributes().text("mode", "bilinear")) {
            case "bilinear" -> "linear";
            case "bicubic" -> "cubic";
            default -> node.attributes().text("mode", "");
        };
        return List.of(node.withAttributes(node.attributes().with("mode", mode)));
    }

    /** Opset 18: scale and shift {@code [groups]}; from 21 on {@code [channels]}. */
    static List<Node> scaleForEachGroup(Node node, BorderScope scope) {
        long groups = node.attributes().integer("num_groups", 1);
        String name = node.name();
        Value channels = scope.fresh(name + "/channels");
        Value each = scope.fresh(name + "/each");
        Value size = scope.fresh(name + "/size");
        Value perGroup = scope.constant(name + "/groups", Tensor.vector(groups));
        List<Node> nodes = new ArrayList<>();
        nodes.add(scope.node("Shape", Attributes.NONE.with("start", 1L).with("end", 2L), channels, node.input(0)));
        nodes.add(scope.node("Div", Attributes.NONE, each, channels, perGroup));
        nodes.add(scope.node("Concat", Attributes.NONE.with("axis", 0L), size, perGroup, each));
        Value scale = repeated(node, 1, groups, size, scope, nodes);
        Value shift = repeated(node, 2, groups, size, scope, nodes);
        nodes.add(node.withInputs(List.of(node.input(0), scale, shift)));
        return nodes;
    }

    private static Value repeated(Node node, int input, long groups, Value size, BorderScope scope, List<Node> nodes) {
        String name = node.name() + "/" + (input == 1 ? "scale" : "bias");
        Value column = scope.fresh(name + "_column");
        Value wide = scope.fresh(name + "_wide");
        Value result = scope.fresh(name);
        nodes.add(scope.node(
                "Reshape",
                Attributes.NONE,
                column,
                node.input(input),
                scope.constant(name + "_shape", Tensor.vector(groups, 1))));
        nodes.add(scope.node("Expand", Attributes.NONE, wide, column, size));
        nodes.add(scope.node(
                "Reshape", Attributes.NONE, result, wide, scope.constant(name + "_shape", Tensor.vector(-1))));
        return result;
    }

    /**
     * Softmax, LogSoftmax and Hardmax before opset 13: over all dimensions from {@code axis} on together. Those are
     * merged into one; the dimensions before them, starting with the batch, are kept.
     */
    static List<Node> flattened(Node node, BorderScope scope) {
        OptionalInt rank = scope.rank(node.input(0));
        long stated = node.attributes().integer("axis", 1);
        long axis = stated < 0 && rank.isPresent() ? stated + rank.getAsInt() : stated;
        if (axis == -1 || (rank.isPresent() && axis == rank.getAsInt() - 1) || onesBehind(node.input(0), axis, scope)) {
            return List.of(node.withAttributes(node.attributes().with("axis", axis)));
        }
        Node plain = node.withAttributes(node.attributes().with("axis", -1L));
        Value shape = scope.fresh(node.name() + "/shape");
        Value matrix = scope.fresh(node.name() + "/matrix");
        Value result = scope.fresh(node.name() + "/result");
        if (axis <= 0) {
            return List.of(
                    scope.node("Shape", Attributes.NONE, shape, node.input(0)),
                    scope.node("Flatten", Attributes.NONE.with("axis", axis), matrix, node.input(0)),
                    plain.withInputs(List.of(matrix)).withOutputs(List.of(result)),
                    scope.node("Reshape", Attributes.NONE, node.output(), result, shape));
        }
        long[] kept = new long[(int) axis];
        long[] rows = Arrays.copyOf(kept, kept.length + 1);
        rows[kept.length] = -1;
        Value behind = scope.fresh(node.name() + "/behind");
        return List.of(
                scope.node("Shape", Attributes.NONE.with("start", axis), behind, node.input(0)),
                scope.node(
                        "Concat",
                        Attributes.NONE.with("axis", 0L),
                        shape,
                        scope.constant(node.name() + "/kept", Tensor.vector(kept)),
                        behind),
                scope.node(
                        "Reshape",
                        Attributes.NONE,
                        matrix,
                        node.input(0),
                        scope.constant(node.name() + "/rows", Tensor.vector(rows))),
                plain.withInputs(List.of(matrix)).withOutputs(List.of(result)),
                scope.node("Reshape", Attributes.NONE, node.output(), result, shape));
    }

    /** Whether the file declares all dimensions after an axis as 1. */
    private static boolean onesBehind(Value value, long axis, BorderScope scope) {
        return axis >= 0
                && scope.type(value)
                        .filter(type ->
                                type.dimensions().stream().skip(axis + 1).allMatch(dimension -> dimension.size() == 1))
                        .isPresent();
    }

    /** ImageScaler: y = scale · x + bias for each channel. */
    static List<Node> imageScaler(Node node, BorderScope scope) {
        Value scaled = scope.fresh(node.name() + "/scaled");
        Value scale = scope.constant(
                node.name() + "/scale", Tensor.scalar(node.attributes().real("scale", 1)));
        float[] bias = floats(node, "bias");
        return List.of(
                scope.node("Mul", Attributes.NONE, scaled, node.input(0), scale),
                scope.node(
                        "Add",
                        Attributes.NONE,
                        node.output(),
                        scaled,
                        scope.constant(node.name() + "/bias", Tensor.floats(bias, 1, bias.length, 1, 1))));
    }

    /** y = (x − mean)/(√(mean of (x − mean)²) + 10⁻⁹). */
    static List<Node> meanVariance(Node node, BorderScope scope) {
        Attributes kept = Attributes.NONE.with("keepdims", 1L);
        Value axes = scope.constant(
                node.name() + "/axes", Tensor.vector(node.attributes().integers("axes", 0, 2, 3)));
        Value mean = scope.fresh(node.name() + "/mean");
        Value centered = scope.fresh(node.name() + "/centered");
        Value square = scope.fresh(node.name() + "/square");
        Value variance = scope.fresh(node.name() + "/variance");
        Value root = scope.fresh(node.name() + "/root");
        Value deviation = scope.fresh(node.name() + "/deviation");
        Value least = scope.constant(node.name() + "/least", Tensor.scalar(1e-9f));
        return List.of(
                scope.node("ReduceMean", kept, mean, node.input(0), axes),
                scope.node("Sub", Attributes.NONE, centered, node.input(0), mean),
                scope.node("Mul", Attributes.NONE, square, centered, centered),
                scope.node("ReduceMean", kept, variance, square, axes),
                scope.node("Sqrt", Attributes.NONE, root, variance),
                scope.node("Add", Attributes.NONE, deviation, root, least),
                scope.node("Div", Attributes.NONE, node.output(), centered, deviation));
    }

    static List<Node> pads(Node node, BorderScope scope) {
        Value pads = scope.constant(
                node.name() + "/pads", Tensor.vector(node.attributes().integers("pads")));
        float filler = node.attributes().real("value", 0);
        Value value = filler == 0
                ? Value.NONE
                : scope.constant(node.name() + "/value", scalar(node, scope.elementType(node.input(0)), filler));
        return List.of(node.withAttributes(node.attributes().without("pads").without("value"))
                .withInputs(BorderScope.trimmed(List.of(node.input(0), pads, value))));
    }

    /** Axes, once an attribute, now the second input. */
    static List<Node> axes(Node node, BorderScope scope) {
        Node plain = node.withAttributes(node.attributes().without("axes"));
        long[] axes = node.attributes().integers("axes");
        if (axes.length == 0) {
            return List.of(plain);
        }
        Value value = scope.constant(node.name() + "/axes", Tensor.vector(axes));
        return List.of(plain.withInputs(List.of(node.input(0), value)));
    }

    /**
     * Opset 10 measured from the corner: source = target / scale, rounded down where it grows and up where it shrinks.
     */
    static List<Node> resizeByCorner(Node node, BorderScope scope) {
        boolean shrinks = scope.constant(node.input(1))
                .filter(scales -> scales.elementType() == ElementType.FLOAT32)
                .map(scales -> IntStream.range(0, Math.toIntExact(scales.elements()))
                        .anyMatch(i -> scales.floats().get(i) < 1))
                .orElse(false);
        Attributes attributes = node.attributes().with("coordinate_transformation_mode", "asymmetric");
        if (attributes.text("mode", "nearest").equals("nearest")) {
            attributes = attributes.with("nearest_mode", shrinks ? "ceil" : "floor");
        }
        return List.of(node.withAttributes(attributes).withInputs(List.of(node.input(0), Value.NONE, node.input(1))));
    }

    /** {@code tf_half_pixel_for_nn}, gone in 13: floor((x + ½) / s) is the rounding of (x + ½) / s - ½, halves up. */
    static List<Node> resizeCenters(Node node, BorderScope scope) {
        List<Value> inputs = new ArrayList<>(node.inputs());
        for (int i = 1; i < inputs.size(); i++) {
            Optional<Tensor> constant = scope.constant(inputs.get(i));
            if (constant.isPresent() && constant.get().elements() == 0) {
                inputs.set(i, Value.NONE);
            }
        }
        Node tidy = node.withInputs(BorderScope.trimmed(inputs));
        Attributes attributes = node.attributes();
        if (!attributes.text("coordinate_transformation_mode", "").equals("tf_half_pixel_for_nn")) {
            return List.of(tidy);
        }
        if (!attributes.text("mode", "nearest").equals("nearest")
                || !attributes.text("nearest_mode", "round_prefer_floor").equals("floor")) {
            throw VitrineException.failure(node.label() + ": coordinate_transformation_mode tf_half_pixel_for_nn is"
                    + " supported with mode nearest and nearest_mode floor only, found "
                    + attributes.text("mode", "nearest") + " and "
                    + attributes.text("nearest_mode", "round_prefer_floor")
                    + ". Export the model again with opset 13 or higher.");
        }
        return List.of(tidy.withAttributes(attributes
                .with("coordinate_transformation_mode", "half_pixel")
                .with("nearest_mode", "round_prefer_ceil")));
    }

    static List<Node> roiAlignCorner(Node node, BorderScope scope) {
        return List.of(
                node.withAttributes(node.attributes().with("coordinate_transformation_mode", "output_half_pixel")));
    }

    static List<Node> batchedScan(Node node, BorderScope scope) {
        throw VitrineException.failure(node.label()
                + ": the Scan of opset 8 is not supported. Export the model again with opset 9 or higher.");
    }

    static List<Node> scatterElements(Node node, BorderScope scope) {
        return List.of(new Node(node.name(), "", "ScatterElements", node.inputs(), node.outputs(), node.attributes()));
    }

    static List<Node> sliceBounds(Node node, BorderScope scope) {
        List<Value> inputs = new ArrayList<>(List.of(node.input(0)));
        Attributes attributes = node.attributes();
        for (String part : List.of("starts", "ends", "axes")) {
            if (attributes.has(part)) {
                inputs.add(scope.constant(node.name() + "/" + part, Tensor.vector(attributes.integers(part))));
            }
        }
        return List.of(node.withInputs(inputs)
                .withAttributes(attributes.without("starts").without("ends").without("axes")));
    }

    static List<Node> splitSizes(Node node, BorderScope scope) {
        if (!node.attributes().has("split")) {
            return List.of(node);
        }
        Value sizes = scope.constant(
                node.name() + "/split", Tensor.vector(node.attributes().integers("split")));
        return List.of(node.withInputs(List.of(node.input(0), sizes))
                .withAttributes(node.attributes().without("split")));
    }

    static List<Node> splitCount(Node node, BorderScope scope) {
        return List.of(
                node.input(1).isPresent()
                        ? node
                        : node.withAttributes(node.attributes()
                                .with("num_outputs", (long) node.outputs().size())));
    }

    static List<Node> topCount(Node node, BorderScope scope) {
        Value count = scope.constant(
                node.name() + "/k", Tensor.vector(node.attributes().integer("k", 1)));
        return List.of(node.withInputs(List.of(node.input(0), count))
                .withAttributes(node.attributes().without("k")));
    }

    static List<Node> upsampleScales(Node node, BorderScope scope) {
        float[] scales = floats(node, "scales");
        return List.of(node.withInputs(List.of(
                        node.input(0), scope.constant(node.name() + "/scales", Tensor.floats(scales, scales.length))))
                .withAttributes(node.attributes().without("scales")));
    }

    static List<Node> upsample(Node node, BorderScope scope) {
        String mode = node.attributes().text("mode", "nearest");
        return List.of(new Node(
                node.name(),
                "",
                "Resize",
                node.inputs(),
                node.outputs(),
                node.attributes().with("mode", mode.equals("bilinear") ? "linear" : mode)));
    }

    private static float[] floats(Node node, String attribute) {
        if (!(node.attributes().values().get(attribute) instanceof AttributeValue.OfFloats found)) {
            throw VitrineException.failure(node.label() + ": found no attribute '" + attribute
                    + "', expected a list of numbers. Export the model again.");
        }
        float[] values = new float[found.values().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = found.values().get(i);
        }
        return values;
    }
}
