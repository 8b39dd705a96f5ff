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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Calls of a model's own functions replaced by what the functions do. */
final class FunctionInliner {
    private static final int DEEPEST = 64;

    private final Map<Key, FunctionProto> functions = new HashMap<>();
    private final GraphImporter.Names names;

    private record Key(String domain, String name, String overload) {}

    /** A node and the opsets that its operator is to be understood by. */
    record Call(NodeProto node, Map<String, Long> opsets) {}

    FunctionInliner(List<FunctionProto> functions, GraphImporter.Names names) {
        for (FunctionProto function : functions) {
            this.functions.put(
                    new Key(GraphImporter.domain(function.getDomain()), function.getName(), function.getOverload()),
                    function);
        }
        this.names = names;
    }

    /** Domains that only name functions of the model. */
    Set<String> domains() {
        return functions.keySet().stream()
                .map(Key::domain)
                .filter(domain -> !domain.isEmpty())
                .collect(Collectors.toSet());
    }

    List<Call> inline(List<NodeProto> nodes, Map<String, Long> opsets) {
        List<Call> result = new ArrayList<>(nodes.size());
        nodes.forEach(node -> inline(node, opsets, 0, result));
        return result;
    }

    private void inline(NodeProto node, Map<String, Long> opsets, int depth, List<Call> result) {
        FunctionProto function =
                functions.get(new Key(GraphImporter.domain(node.getDomain()), node.getOpType(), node.getOverload()));
        if (function == null) {
            result.add(new Call(node, opsets));
            return;
        }
        if (depth == DEEPEST) {
            throw VitrineException.failure("Function '" + function.getName() + "': it calls itself, or more than "
                    + DEEPEST + " functions deep. Export the model again without functions.");
        }
        String label = !node.getName().isEmpty()
                ? node.getName()
                : node.getOutputList().stream()
                        .filter(name -> !name.isEmpty())
                        .findFirst()
                        .orElse(node.getOpType());
        Expansion expansion = new Expansion(node, function, label);
        Map<String, Long> inner = new HashMap<>(opsets);
        inner.putAll(GraphImporter.opsets(function.getOpsetImportList()));
        expansion.nodes().forEach(each -> inline(each, inner, depth + 1, result));
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
                    inner, key -> names.value(label + "/" + key).name());
        }

        private NodeProto node(NodeProto node) {
            NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput().clearAttribute();
            node.getInputList().forEach(input -> copy.addInput(name(input)));
            node.getOutputList().forEach(output -> copy.addOutput(name(output)));
            if (!node.getName().isEmpty()) {
                copy.setName(label + "/" + node.getName());
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
