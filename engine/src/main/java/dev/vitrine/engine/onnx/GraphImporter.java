package dev.vitrine.engine.onnx;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.check.NodeCheck;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.OperatorSetIdProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.TensorShapeProto;
import dev.vitrine.engine.onnx.proto.TypeProto;
import dev.vitrine.engine.onnx.proto.ValueInfoProto;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Converts a model's message to a graph, including the bodies of branches and loops. */
final class GraphImporter {
    static final long OLDEST = 7;
    static final long NEWEST = 26;

    private static final Set<String> WRITING_ALL =
            Set.of("BatchNormalization", "DynamicQuantizeLinear", "Split", "TopK", "Unique");

    private final ModelProto model;
    private final String where;
    private final TensorCodec tensors;
    private final Names names;
    private final FunctionInliner functions;
    private final OpsetNormalizer normalizer = new OpsetNormalizer();

    GraphImporter(ModelProto model, String where, TensorCodec tensors) {
        this.model = model;
        this.where = where;
        this.tensors = tensors;
        names = Names.of(model);
        functions = new FunctionInliner(model.getFunctionsList(), names);
    }

    Graph graph() {
        Map<String, Long> opsets = opsets(model.getOpsetImportList());
        if (opsets.isEmpty() && model.getIrVersion() >= 3) {
            throw VitrineException.failure(where
                    + ": found no ONNX opset declaration, expected one. The file ends early or is damaged; download or"
                    + " export it again.");
        }
        opsets.putIfAbsent("", model.getIrVersion() < 3 ? 1 : Graph.OPSET);
        long version = opsets.get("");
        if (version < OLDEST || version > NEWEST) {
            throw VitrineException.failure(
                    where + ": found ONNX opset " + version + ", expected " + OLDEST + " to " + NEWEST
                            + (version < OLDEST
                                    ? ". Convert it with onnx.version_converter to opset 13, or export it again."
                                    : ". Export it again with opset " + Graph.OPSET + "."));
        }
        functions.require(model.getGraph(), where);
        Graph graph = graph(model.getGraph(), Optional.empty(), opsets);
        Map<String, Long> written = new TreeMap<>(opsets);
        written.put("", normalizer.neededVersion());
        Graph sorted = new NodeOrder(where, written).sort(graph);
        NodeCheck.require(sorted);
        return sorted;
    }

    static Map<String, Long> opsets(List<OperatorSetIdProto> imports) {
        Map<String, Long> opsets = new HashMap<>();
        for (OperatorSetIdProto entry : imports) {
            opsets.put(domain(entry.getDomain()), entry.getVersion());
        }
        return opsets;
    }

    /** The standard domain has two names. */
    static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    private Graph graph(GraphProto proto, Optional<BorderScope> outer, Map<String, Long> opsets) {
        BorderScope scope = new BorderScope(outer, names);
        for (TensorProto tensor : proto.getInitializerList()) {
            if (TensorCodec.isText(tensor)) {
                text(scope, tensor, tensor.getName());
            } else {
                scope.define(new Value(tensor.getName()), tensors.read(tensor, tensor.getName()));
            }
        }
        proto.getSparseInitializerList().forEach(sparse -> {
            String name = sparse.getValues().getName();
            scope.define(new Value(name), tensors.read(sparse, name));
        });

        List<Value> inputs = new ArrayList<>();
        for (ValueInfoProto input : proto.getInputList()) {
            Value value = new Value(input.getName());
            if (scope.constant(value).isEmpty()) {
                Optional<TensorType> type = type(input);
                if (type.isEmpty() && outer.isEmpty()) {
                    throw VitrineException.failure(
                            where + ": input '" + value + "' is not a tensor with a known number of"
                                    + " dimensions. Export the model with tensor inputs of declared shape (sizes"
                                    + " may be symbolic).");
                }
                scope.input(value);
                inputs.add(value);
                type.ifPresent(known -> scope.declare(value, known));
                if (outer.isEmpty()) {
                    type.ifPresent(known -> requireSize(value, known));
                }
            }
        }
        List<Value> outputs = new ArrayList<>();
        for (ValueInfoProto output : proto.getOutputList()) {
            Value value = new Value(output.getName());
            outputs.add(value);
            type(output).ifPresent(known -> scope.declare(value, known));
        }
        Set<Value> keptTypes = new LinkedHashSet<>(inputs);
        keptTypes.addAll(outputs);
        for (ValueInfoProto inner : proto.getValueInfoList()) {
            type(inner).ifPresent(known -> scope.declare(new Value(inner.getName()), known));
        }

        for (FunctionInliner.Call call : functions.inline(proto.getNodeList(), opsets)) {
            add(scope, call.node(), call.opsets());
        }

        Map<Value, TensorType> types = new LinkedHashMap<>();
        for (Value value : keptTypes) {
            scope.type(value).ifPresent(type -> types.put(value, type));
        }
        scope.constants().forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        return new Graph(inputs, outputs, scope.nodes(), scope.constants(), types, Map.of());
    }

    private void requireSize(Value input, TensorType type) {
        double bytes = type.elementType().bytes();
        for (Dimension dimension : type.dimensions()) {
            bytes *= dimension.isFixed() ? dimension.size() : 1;
        }
        if (bytes == 0) {
            throw VitrineException.failure(where + ": input '" + input + "' is " + type
                    + ", which is empty; expected sizes of at least 1. Export the model again.");
        }
        if (bytes > Integer.MAX_VALUE) {
            throw VitrineException.failure(where + ": input '" + input + "' is " + type
                    + ", which is larger than 2 GiB, the limit for one tensor. Export the model again for smaller"
                    + " inputs.");
        }
    }

    private void add(BorderScope scope, NodeProto proto, Map<String, Long> opsets) {
        List<Value> inputs = proto.getInputList().stream().map(Value::new).toList();
        List<Value> outputs = proto.getOutputList().stream().map(Value::new).toList();
        String domain = domain(proto.getDomain());
        String name = names.node(proto.getName(), outputs, proto.getOpType());
        if (outputs.stream().noneMatch(Value::isPresent)) {
            throw VitrineException.failure(where + ": node '" + name + "' (" + proto.getOpType()
                    + ") has no output, expected at least one. The file is damaged; export the model again.");
        }
        if (domain.isEmpty() && proto.getOpType().equals("Constant")) {
            constant(scope, proto, outputs.get(0), name);
            return;
        }
        Attributes attributes = attributes(proto, name, scope, opsets);
        List<Value> given = domain.isEmpty() ? NodeCheck.withoutLeftOut(proto.getOpType(), inputs) : inputs;
        Node node = new Node(name, domain, proto.getOpType(), given, whole(outputs, proto), attributes);
        refuseFourBits(node);
        normalizer.normalize(node, opsets.getOrDefault("", Graph.OPSET), scope).forEach(scope::add);
    }

    /** Outputs, with names for those that ONNX Runtime writes even if omitted. */
    private List<Value> whole(List<Value> outputs, NodeProto proto) {
        boolean all = WRITING_ALL.contains(proto.getOpType());
        List<Value> whole = new ArrayList<>(outputs);
        for (int i = 0; i < whole.size(); i++) {
            if (!whole.get(i).isPresent() && (all || i == 0)) {
                whole.set(i, names.value(proto.getOpType() + "/unread"));
            }
        }
        return whole;
    }

    /**
     * Rejects activations quantized to four bits: 4-bit constants are widened to eight bits, but rounding must not
     * change.
     */
    private void refuseFourBits(Node node) {
        boolean stated =
                Nibbles.wide(node.attributes().integer("output_dtype", 0)).isPresent();
        if (node.opType().equals("QuantizeLinear")
                && (stated || tensors.isNarrow(node.input(2).name()))) {
            throw VitrineException.failure(where + ": " + node.label()
                    + ": found activations quantized to four bits, expected eight or sixteen. Quantize only the"
                    + " weights to"
                    + " four bits.");
        }
    }

    private void constant(BorderScope scope, NodeProto proto, Value output, String name) {
        for (AttributeProto attribute : proto.getAttributeList()) {
            switch (attribute.getName()) {
                case "value" -> {
                    if (TensorCodec.isText(attribute.getT())) {
                        text(scope, attribute.getT(), output.name());
                    } else {
                        scope.define(output, tensors.read(attribute.getT(), output.name()));
                    }
                }
                case "sparse_value" -> scope.define(output, tensors.read(attribute.getSparseTensor(), output.name()));
                case "value_float" -> scope.define(output, Tensor.scalar(attribute.getF()));
                case "value_int" -> scope.define(output, Tensor.scalar(attribute.getI()));
                case "value_floats" -> {
                    float[] data = new float[attribute.getFloatsCount()];
                    for (int i = 0; i < data.length; i++) {
                        data[i] = attribute.getFloats(i);
                    }
                    scope.define(output, Tensor.floats(data, data.length));
                }
                case "value_ints" ->
                    scope.define(
                            output,
                            Tensor.vector(attribute.getIntsList().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray()));
                case "value_string", "value_strings" ->
                    scope.add(new Node(
                            name,
                            "",
                            "Constant",
                            List.of(),
                            List.of(output),
                            Attributes.NONE.with(attribute.getName(), value(attribute, name, scope, Map.of()))));
                default -> throw unsupported(name, attribute);
            }
        }
    }

    /** Strings, which our tensors cannot hold, stay a node. */
    private void text(BorderScope scope, TensorProto tensor, String name) {
        List<String> strings = tensor.getStringDataList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
        long[] shape = TensorCodec.shape(tensor.getDimsList(), name);
        Value flat = shape.length == 1 ? new Value(name) : scope.fresh(name + "/flat");
        scope.add(new Node(
                names.node("", List.of(flat), "Constant"),
                "",
                "Constant",
                List.of(),
                List.of(flat),
                Attributes.NONE.with("value_strings", new AttributeValue.OfTexts(strings))));
        if (shape.length != 1) {
            Value to = scope.constant(name + "/shape", Tensor.vector(shape));
            scope.add(new Node(
                    names.node("", List.of(new Value(name)), "Reshape"),
                    "",
                    "Reshape",
                    List.of(flat, to),
                    List.of(new Value(name)),
                    Attributes.NONE));
        }
    }

    private Attributes attributes(NodeProto proto, String node, BorderScope scope, Map<String, Long> opsets) {
        Map<String, AttributeValue> values = new HashMap<>();
        for (AttributeProto attribute : proto.getAttributeList()) {
            values.put(attribute.getName(), value(attribute, node, scope, opsets));
        }
        return new Attributes(values);
    }

    private AttributeValue value(AttributeProto proto, String node, BorderScope scope, Map<String, Long> opsets) {
        return switch (kind(proto)) {
            case 1 -> new AttributeValue.OfFloat(proto.getF());
            case 2 -> new AttributeValue.OfLong(proto.getI());
            case 3 -> new AttributeValue.OfText(proto.getS().toStringUtf8());
            case 4 -> new AttributeValue.OfTensor(tensors.read(proto.getT(), node + "/" + proto.getName()));
            case 5 -> new AttributeValue.OfGraph(graph(proto.getG(), Optional.of(scope), opsets));
            case 6 -> new AttributeValue.OfFloats(proto.getFloatsList());
            case 7 -> new AttributeValue.OfLongs(proto.getIntsList());
            case 8 ->
                new AttributeValue.OfTexts(proto.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList());
            default -> throw unsupported(node, proto);
        };
    }

    /** The attribute's type number; the first files did not state it. */
    private static int kind(AttributeProto proto) {
        if (proto.getType() != 0) {
            return proto.getType();
        }
        if (proto.hasF()) {
            return 1;
        }
        if (proto.hasI()) {
            return 2;
        }
        if (proto.hasS()) {
            return 3;
        }
        if (proto.hasT()) {
            return 4;
        }
        if (proto.hasG()) {
            return 5;
        }
        if (proto.getFloatsCount() > 0) {
            return 6;
        }
        return proto.getStringsCount() > 0 ? 8 : 7;
    }

    private VitrineException unsupported(String node, AttributeProto attribute) {
        return VitrineException.failure(where + ": node '" + node + "' has attribute '" + attribute.getName()
                + "' of kind " + attribute.getType()
                + ", expected a number, text, tensor, graph or a list of numbers or"
                + " texts. Export the model without that operator.");
    }

    private static Optional<TensorType> type(ValueInfoProto info) {
        if (!info.getType().hasTensorType()) {
            return Optional.empty();
        }
        TypeProto.Tensor tensor = info.getType().getTensorType();
        Optional<ElementType> elementType = ElementTypes.of(tensor.getElemType());
        if (elementType.isEmpty() || !tensor.hasShape()) {
            return Optional.empty();
        }
        List<Dimension> dimensions = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : tensor.getShape().getDimList()) {
            dimensions.add(
                    switch (dimension.getValueCase()) {
                        case DIM_VALUE ->
                            dimension.getDimValue() < 0 ? Dimension.UNKNOWN : Dimension.of(dimension.getDimValue());
                        case DIM_PARAM ->
                            dimension.getDimParam().isBlank()
                                    ? Dimension.UNKNOWN
                                    : Dimension.named(dimension.getDimParam());
                        case VALUE_NOT_SET -> Dimension.UNKNOWN;
                    });
        }
        return Optional.of(new TensorType(elementType.get(), dimensions));
    }

    /** Every name of a model, for unique fresh names. */
    static final class Names {
        private final Set<String> values = new HashSet<>();
        private final Set<String> nodes = new HashSet<>();
        private final Set<String> stated = new HashSet<>();
        private final Map<String, Integer> valueCounters = new HashMap<>();
        private final Map<String, Integer> nodeCounters = new HashMap<>();

        static Names of(ModelProto model) {
            Names names = new Names();
            names.collect(model.getGraph());
            return names;
        }

        private void collect(GraphProto graph) {
            graph.getInputList().forEach(input -> values.add(input.getName()));
            graph.getInitializerList().forEach(tensor -> values.add(tensor.getName()));
            for (NodeProto node : graph.getNodeList()) {
                values.addAll(node.getInputList());
                values.addAll(node.getOutputList());
                stated.add(node.getName());
                node.getAttributeList().stream()
                        .filter(AttributeProto::hasG)
                        .forEach(attribute -> collect(attribute.getG()));
            }
        }

        Value value(String hint) {
            return new Value(unique(hint, values, Set.of(), valueCounters));
        }

        /** The node's own name if it has one that is unused, else its first output's. */
        String node(String stated, List<Value> outputs, String opType) {
            if (!stated.isEmpty()) {
                return unique(stated, nodes, Set.of(), nodeCounters);
            }
            String hint = outputs.stream()
                    .filter(Value::isPresent)
                    .findFirst()
                    .map(Value::name)
                    .orElse(opType);
            return unique(hint, nodes, this.stated, nodeCounters);
        }

        private static String unique(
                String hint, Set<String> taken, Set<String> reserved, Map<String, Integer> counters) {
            String name = hint;
            while (reserved.contains(name) || !taken.add(name)) {
                name = hint + "_" + counters.merge(hint, 1, Integer::sum);
            }
            return name;
        }
    }
}
