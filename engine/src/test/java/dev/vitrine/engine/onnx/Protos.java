package dev.vitrine.engine.onnx;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.OperatorSetIdProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.TensorShapeProto;
import dev.vitrine.engine.onnx.proto.TypeProto;
import dev.vitrine.engine.onnx.proto.ValueInfoProto;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Short ways to write odd models. */
final class Protos {
    static final int FLOAT = 1;
    static final int INT64 = 7;

    private Protos() {}

    /** Names are separated by blanks; {@code _} is a left-out one. */
    static NodeProto node(String opType, String inputs, String outputs, AttributeProto... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(opType).addAllAttribute(Arrays.asList(attributes));
        names(inputs).forEach(node::addInput);
        names(outputs).forEach(node::addOutput);
        return node.build();
    }

    private static List<String> names(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" "))
                        .map(name -> name.equals("_") ? "" : name)
                        .toList();
    }

    private static AttributeProto.Builder attribute(String name, int type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    static AttributeProto real(String name, float value) {
        return attribute(name, 1).setF(value).build();
    }

    static AttributeProto integer(String name, long value) {
        return attribute(name, 2).setI(value).build();
    }

    static AttributeProto text(String name, String value) {
        return attribute(name, 3).setS(ByteString.copyFromUtf8(value)).build();
    }

    static AttributeProto tensor(String name, TensorProto value) {
        return attribute(name, 4).setT(value).build();
    }

    static AttributeProto graph(String name, GraphProto value) {
        return attribute(name, 5).setG(value).build();
    }

    static AttributeProto reals(String name, float... values) {
        AttributeProto.Builder proto = attribute(name, 6);
        for (float value : values) {
            proto.addFloats(value);
        }
        return proto.build();
    }

    static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder proto = attribute(name, 7);
        for (long value : values) {
            proto.addInts(value);
        }
        return proto.build();
    }

    /** The attribute of the calling node, within a function. */
    static AttributeProto reference(String name, int type, String calling) {
        return attribute(name, type).setRefAttrName(calling).build();
    }

    static TensorProto constant(String name, Tensor tensor) {
        return TensorCodec.write(name, tensor);
    }

    static ValueInfoProto info(String name) {
        return ValueInfoProto.newBuilder().setName(name).build();
    }

    static ValueInfoProto info(String name, int elementType, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            if (dimension instanceof Number size) {
                shape.addDimBuilder().setDimValue(size.longValue());
            } else {
                shape.addDimBuilder().setDimParam(dimension.toString());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(elementType)
                                .setShape(shape)))
                .build();
    }

    static GraphProto.Builder graph(String name) {
        return GraphProto.newBuilder().setName(name);
    }

    static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(version)
                .build();
    }

    static ModelProto.Builder model(long opset, GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(opset < 9 ? 3 : opset < 22 ? 8 : 10)
                .setGraph(graph)
                .addOpsetImport(opset("", opset));
    }
}
