package dev.vitrine.engine.onnx;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileProblem;
import dev.vitrine.engine.file.WholeFile;
import dev.vitrine.engine.graph.AttributeValue;
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
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes graphs as standard ONNX files. */
public final class OnnxWriter {
    private static final int LARGEST_LIST = 1 << 20;

    /** A message above 2 GiB is not valid; the rest of the model needs some room too. */
    private static final long LARGEST_WITHIN = Integer.MAX_VALUE - (64L << 20);

    private static final int EXTERNAL_FROM_BYTES = 1024;
    /** Memory pages, so that a program can map each constant. */
    private static final int PAGE = 4096;

    private OnnxWriter() {}

    /**
     * A model for a runtime that receives large constants separately.
     *
     * @param model the ONNX model, which names those constants without their data
     * @param constants the large constants by name
     */
    public record Skeleton(byte[] model, Map<String, Tensor> constants) {
        /** Name of the external data file that the model refers to. */
        public static final String LOCATION = "vitrine";

        public Skeleton {
            constants = Map.copyOf(constants);
        }
    }

    /**
     * Writes {@code file} completely or not at all. Above 2 GiB, constants go to {@code NAME.data} beside it, where
     * {@code NAME} is the file's name.
     */
    public static void write(Graph graph, Path file) {
        write(graph, file, LARGEST_WITHIN);
    }

    static void write(Graph graph, Path file, long largestWithin) {
        if (Files.isDirectory(file)) {
            throw VitrineException.failure("'" + file
                    + "': cannot write the model: it is a folder, expected the name of a file. Choose another name.");
        }
        try {
            if (constantBytes(graph) <= largestWithin) {
                ModelProto model = new Encoder(Placement.WITHIN).model(graph);
                WholeFile.write(file, model::writeTo);
            } else {
                writeApart(graph, file.toAbsolutePath());
            }
        } catch (IOException e) {
            throw VitrineException.failure(
                    "'" + file + "': cannot write the model: " + FileProblem.words(e)
                            + ". Check that the folder is writable and has free space.",
                    e);
        }
    }

    private static void writeApart(Graph graph, Path target) throws IOException {
        if (WholeFile.isDirect(target)) {
            throw new FileSystemException(
                    target.toString(), null, "more than 2 GiB of constants need a separate file beside the model");
        }
        Path dataFile = target.resolveSibling(target.getFileName() + ".data");
        try (WholeFile data = WholeFile.at(dataFile);
                WholeFile file = WholeFile.at(target)) {
            ModelProto model;
            try (FileChannel channel = data.channel()) {
                model = new Encoder(new DataFile(channel, dataFile.getFileName().toString())).model(graph);
            }
            try (OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16)) {
                model.writeTo(stream);
            }
            data.keep();
            file.keep();
        }
    }

    /** The whole model in memory, weights included. */
    public static byte[] toBytes(Graph graph) {
        if (constantBytes(graph) > LARGEST_WITHIN) {
            throw VitrineException.failure("The graph has constants of " + constantBytes(graph)
                    + " bytes, expected at most 2 GiB in memory. Write it to a file instead.");
        }
        return new Encoder(Placement.WITHIN).model(graph).toByteArray();
    }

    /** The model without the data of constants of {@code thresholdBytes} or more, which stay shared. */
    public static Skeleton skeleton(Graph graph, long thresholdBytes) {
        Map<String, Tensor> apart = new LinkedHashMap<>();
        Placement placement = (name, tensor) -> {
            if (tensor.bytes().remaining() < Math.max(1, thresholdBytes) || isList(tensor)) {
                return TensorCodec.write(name, tensor);
            }
            apart.put(name, tensor);
            return TensorCodec.writeExternal(name, tensor, Skeleton.LOCATION, 0);
        };
        byte[] model = new Encoder(placement).model(graph).toByteArray();
        return new Skeleton(model, apart);
    }

    /** Whether a constant may hold sizes, axes or positions: the runtime infers shapes only from embedded constants. */
    private static boolean isList(Tensor tensor) {
        boolean whole = tensor.elementType() == ElementType.INT64 || tensor.elementType() == ElementType.INT32;
        return whole && tensor.rank() <= 1 && tensor.bytes().remaining() <= LARGEST_LIST;
    }

    private static long constantBytes(Graph graph) {
        return graph.constants().values().stream()
                .mapToLong(tensor -> tensor.bytes().remaining())
                .sum();
    }

    /** The destination of the data of a graph's constants. */
    @FunctionalInterface
    private interface Placement {
        Placement WITHIN = TensorCodec::write;

        TensorProto place(String name, Tensor tensor) throws IOException;
    }

    /** A file of constants, one after the other. */
    private record DataFile(FileChannel channel, String location) implements Placement {
        @Override
        public TensorProto place(String name, Tensor tensor) throws IOException {
            ByteBuffer bytes = tensor.bytes();
            if (bytes.remaining() < EXTERNAL_FROM_BYTES) {
                return TensorCodec.write(name, tensor);
            }
            long offset = (channel.position() + PAGE - 1) / PAGE * PAGE;
            channel.position(offset);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return TensorCodec.writeExternal(name, tensor, location, offset);
        }
    }

    /** Builds the message. */
    private static final class Encoder {
        private final Placement placement;
        private final Map<String, Long> domains = new TreeMap<>();

        Encoder(Placement placement) {
            this.placement = placement;
        }

        ModelProto model(Graph graph) {
            domains.putAll(graph.opsets());
            domains.putIfAbsent("", Graph.OPSET);
            GraphProto body;
            try {
                body = graph(graph, "graph", placement);
            } catch (IOException e) {
                throw VitrineException.failure(
                        "Cannot write the model's constants: " + e.getMessage() + ". Check that the disk has free"
                                + " space.",
                        e);
            }
            ModelProto.Builder model = ModelProto.newBuilder()
                    .setIrVersion(irVersion(domains.get("")))
                    .setProducerName("vitrine")
                    .setGraph(body);
            domains.forEach((domain, version) -> model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
            return model.build();
        }

        /** The file format version that came with an opset. */
        private static long irVersion(long opset) {
            if (opset <= 22) {
                return 10;
            }
            return Math.min(opset - 12, 13);
        }

        private GraphProto graph(Graph graph, String name, Placement constants) throws IOException {
            GraphProto.Builder proto = GraphProto.newBuilder().setName(name);
            for (Value input : graph.inputs()) {
                proto.addInput(info(graph, input));
            }
            for (Value output : graph.outputs()) {
                proto.addOutput(info(graph, output));
            }
            for (Map.Entry<Value, Tensor> constant : graph.constants().entrySet()) {
                proto.addInitializer(constants.place(constant.getKey().name(), constant.getValue()));
            }
            for (Node node : graph.nodes()) {
                proto.addNode(node(node));
            }
            return proto.build();
        }

        private NodeProto node(Node node) throws IOException {
            domains.putIfAbsent(node.domain(), 1L);
            NodeProto.Builder proto = NodeProto.newBuilder()
                    .setName(node.name())
                    .setDomain(node.domain())
                    .setOpType(node.opType());
            node.inputs().forEach(value -> proto.addInput(value.name()));
            node.outputs().forEach(value -> proto.addOutput(value.name()));
            for (Map.Entry<String, AttributeValue> attribute :
                    node.attributes().values().entrySet()) {
                proto.addAttribute(attribute(node, attribute.getKey(), attribute.getValue()));
            }
            return proto.build();
        }

        private AttributeProto attribute(Node node, String name, AttributeValue value) throws IOException {
            AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
            if (value instanceof AttributeValue.OfFloat found) {
                proto.setType(1).setF(found.value());
            } else if (value instanceof AttributeValue.OfLong found) {
                proto.setType(2).setI(found.value());
            } else if (value instanceof AttributeValue.OfText found) {
                proto.setType(3).setS(ByteString.copyFromUtf8(found.value()));
            } else if (value instanceof AttributeValue.OfTensor found) {
                proto.setType(4).setT(TensorCodec.write(name, found.value()));
            } else if (value instanceof AttributeValue.OfGraph found) {
                proto.setType(5).setG(graph(found.body(), node.name() + "/" + name, Placement.WITHIN));
            } else if (value instanceof AttributeValue.OfFloats found) {
                proto.setType(6).addAllFloats(found.values());
            } else if (value instanceof AttributeValue.OfLongs found) {
                proto.setType(7).addAllInts(found.values());
            } else if (value instanceof AttributeValue.OfTexts found) {
                proto.setType(8);
                found.values().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
            }
            return proto.build();
        }

        private static ValueInfoProto info(Graph graph, Value value) {
            ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(value.name());
            graph.type(value)
                    .ifPresent(type -> info.setType(TypeProto.newBuilder().setTensorType(tensorType(type))));
            return info.build();
        }

        private static TypeProto.Tensor tensorType(TensorType type) {
            TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
            for (Dimension dimension : type.dimensions()) {
                TensorShapeProto.Dimension.Builder proto = shape.addDimBuilder();
                if (dimension.isFixed()) {
                    proto.setDimValue(dimension.size());
                } else if (!dimension.equals(Dimension.UNKNOWN)) {
                    proto.setDimParam(dimension.symbol());
                }
            }
            return TypeProto.Tensor.newBuilder()
                    .setElemType(ElementTypes.code(type.elementType()))
                    .setShape(shape)
                    .build();
        }
    }
}
