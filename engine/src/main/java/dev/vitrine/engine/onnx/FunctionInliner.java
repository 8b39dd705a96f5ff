package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.FunctionProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inlines calls of a model's own functions. */
final class FunctionInliner {
    private static final int DEEPEST = 64;

    /** Limit on nodes and operands with all calls expanded; the largest exports have some ten thousand. */
    private static final long MOST_PARTS = 1_000_000;

    /** Maximum length of the parts of a new name. */
    private static final int NAME_LENGTH = 160;

    private final Map<Key, FunctionProto> functions = new HashMap<>();
    private final Map<FunctionProto, Size> sizes = new IdentityHashMap<>();
    private final GraphImporter.Names names;

    /** The expanded number of nodes and operands, and the depth of calls. */
    private record Size(long parts, int depth) {
        Size and(Size other) {
            return new Size(Math.min(2 * MOST_PARTS, parts + other.parts), Math.max(depth, other.depth));
        }
    }

    private record Key(String domain, String name, String overload) {}

    /** A node and the opsets that define its operator. */
    record Call(NodeProto node, Map<String, Long> opsets) {}

    FunctionInliner(List<FunctionProto> functions, GraphImporter.Names names) {
        for (FunctionProto function : functions) {
            this.functions.put(
                    new Key(GraphImporter.domain(function.getDomain()), function.getName(), function.getOverload()),
                    function);
        }
        this.names = names;
    }

    /** Rejects a model whose calls would expand too far, before expanding any. */
    void require(GraphProto graph, String where) {
        if (!functions.isEmpty() && size(graph.getNodeList(), 0).parts() > MOST_PARTS) {
            throw VitrineException.failure(where + ": its functions, which call each other, would expand to more than "
                    + MOST_PARTS + " nodes and operands, more than any network has. Export the model again without"
                    + " functions.");
        }
    }

    private Size size(List<NodeProto> nodes, int depth) {
        Size sum = new Size(0, 0);
        for (NodeProto node : nodes) {
            sum = sum.and(new Size(1 + node.getInputCount() + node.getOutputCount() + node.getAttributeCount(), 0));
            Optional<FunctionProto> function = called(node);
            if (function.isPresent()) {
                sum = sum.and(size(function.get(), depth + 1));
                continue;
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    sum = sum.and(size(attribute.getG().getNodeList(), depth));
                }
            }
        }
        return sum;
    }

    private Size size(FunctionProto function, int depth) {
        Size known = sizes.get(function);
        if (depth + (known == null ? 0 : known.depth()) > DEEPEST) {
            throw VitrineException.failure("Function '" + shortened(function.getName())
                    + "': it calls itself, or more than " + DEEPEST
                    + " functions deep. Export the model again without functions.");
        }
        if (known == null) {
            Size body = size(function.getNodeList(), depth);
            known = body.and(new Size(function.getInputCount() + function.getAttributeProtoCount(), 0));
            known = new Size(known.parts(), 1 + body.depth());
            sizes.put(function, known);
        }
        return known;
    }

    private Optional<FunctionProto> called(NodeProto node) {
        return Optional.ofNullable(
                functions.get(new Key(GraphImporter.domain(node.getDomain()), node.getOpType(), node.getOverload())));
    }

    List<Call> inline(List<NodeProto> nodes, Map<String, Long> opsets) {
        List<Call> result = new ArrayList<>(nodes.size());
        nodes.forEach(node -> inline(node, opsets, result));
        return result;
    }

    private void inline(NodeProto node, Map<String, Long> opsets, List<Call> result) {
        Optional<FunctionProto> found = called(node);
        if (found.isEmpty()) {
            result.add(new Call(node, opsets));
            return;
        }
        FunctionProto function = found.get();
        String label = !node.getName().isEmpty()
                ? node.getName()
                : node.getOutputList().stream()
                        .filter(name -> !name.isEmpty())
                        .findFirst()
                        .orElse(node.getOpType());
        Expansion expansion = new Expansion(node, function, shortened(label));
        Map<String, Long> inner = new HashMap<>(opsets);
        inner.putAll(GraphImporter.opsets(function.getOpsetImportList()));
        expansion.nodes().forEach(each -> inline(each, inner, result));
    }

    /** The end of a long name, its most specific part: names must not grow with the depth of calls. */
    private static String shortened(String name) {
        return name.length() <= NAME_LENGTH ? name : name.substring(name.length() - NAME_LENGTH);
    }

    /** One call: the function's names and attributes replaced by the caller's. */
    private final class Expansion {
        private final FunctionProto function;
        private final String label;
        private final Map<String, String> renamed = new HashMap<>();
        private final Map<String, AttributeProto> attributes = new HashMap<>();
        private final List<NodeProto> copies = new ArrayList<>();

        Expansion(NodeProto call, FunctionProto function, String label) {
            this.function = function;
            this.label = label;
            function.getAttributeProtoList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
            call.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
            renamed.put("", "");
            for (int i = 0; i < function.getInputCount(); i++) {
                renamed.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
            }
            for (int i = 0; i < function.getOutputCount() && i < call.getOutputCount(); i++) {
                String formal = function.getOutput(i);
                String actual = call.getOutput(i);
                if (actual.isEmpty()) {
                    continue;
                }
                if (renamed.containsKey(formal)) {
                    // An output that is also an input, or is returned twice.
                    copies.add(NodeProto.newBuilder()
                            .setOpType("Identity")
                            .addInput(renamed.get(formal))
                            .addOutput(actual)
                            .build());
                } else {
                    renamed.put(formal, actual);
                }
            }
        }

        List<NodeProto> nodes() {
            List<NodeProto> nodes = new ArrayList<>();
            function.getNodeList().forEach(node -> nodes.add(node(node)));
            nodes.addAll(copies);
            return nodes;
        }

        private String name(String inner) {
            return renamed.computeIfAbsent(
                    inner, key -> names.value(label + "/" + shortened(key)).name());
        }

        private NodeProto node(NodeProto node) {
            NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput().clearAttribute();
            node.getInputList().forEach(input -> copy.addInput(name(input)));
            node.getOutputList().forEach(output -> copy.addOutput(name(output)));
            if (!node.getName().isEmpty()) {
                copy.setName(label + "/" + shortened(node.getName()));
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.getRefAttrName().isEmpty()) {
                    copy.addAttribute(
                            attribute.hasG()
                                    ? attribute.toBuilder()
                                            .setG(body(attribute.getG()))
                                            .build()
                                    : attribute);
                } else if (attributes.containsKey(attribute.getRefAttrName())) {
                    copy.addAttribute(attributes.get(attribute.getRefAttrName()).toBuilder()
                            .setName(attribute.getName()));
                }
            }
            return copy.build();
        }

        private GraphProto body(GraphProto body) {
            GraphProto.Builder copy = body.toBuilder()
                    .clearNode()
                    .clearInitializer()
                    .clearInput()
                    .clearOutput()
                    .clearValueInfo();
            for (TensorProto tensor : body.getInitializerList()) {
                copy.addInitializer(tensor.toBuilder().setName(name(tensor.getName())));
            }
            for (ValueInfoProto input : body.getInputList()) {
                copy.addInput(input.toBuilder().setName(name(input.getName())));
            }
            for (ValueInfoProto output : body.getOutputList()) {
                copy.addOutput(output.toBuilder().setName(name(output.getName())));
            }
            body.getNodeList().forEach(node -> copy.addNode(node(node)));
            return copy.build();
        }
    }
}
