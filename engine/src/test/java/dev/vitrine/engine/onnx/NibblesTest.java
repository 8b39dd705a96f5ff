package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.constant;
import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.integer;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of four bits give what the runtime gives for them. */
class NibblesTest {
    private static final byte[] PACKED = {(byte) 0x91, 0x2f, 0x70, (byte) 0x8c, 0x35};

    /** Nine numbers: the last half byte is unused. */
    private static TensorProto weights(int type, boolean raw) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName("w")
                .setDataType(type)
                .addDims(3)
                .addDims(3);
        if (raw) {
            return proto.setRawData(ByteString.copyFrom(PACKED)).build();
        }
        for (byte pair : PACKED) {
            proto.addInt32Data(pair & 0xff);
        }
        return proto.build();
    }

    private static TensorProto zero(int type, int... packed) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName("z").setDataType(type);
        for (int pair : packed) {
            proto.addInt32Data(pair);
        }
        return packed.length == 1 ? proto.build() : proto.addDims(3).build();
    }

    private static byte[] bytes(TensorProto weights, TensorProto scale, TensorProto zero, NodeProto dequantize) {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, 2, 3))
                .addOutput(info("y", Protos.FLOAT, 2, 3))
                .addInitializer(weights)
                .addInitializer(scale)
                .addInitializer(zero)
                .addNode(dequantize)
                .addNode(node("MatMul", "x d", "y"));
        return model(21, graph).build().toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"21, true", "21, false", "22, true", "22, false"})
    void areReadAsTheRuntimeReadsThem(int type, boolean raw) throws Exception {
        Tensor scales = Tensor.floats(new float[] {.5f, .25f, 2}, 3);
        byte[] model = bytes(
                weights(type, raw),
                constant("s", scales),
                zero(type, 0x31, 0x02),
                node("DequantizeLinear", "w s z", "d", integer("axis", 0)));
        Map<String, Tensor> x = Map.of("x", Tensor.floats(new float[] {1, 2, 3, -1, .5f, 4}, 2, 3));
        float[] expected = Ort.run(model, x).get("y");
        assertThat(Ort.run(OnnxWriter.toBytes(OnnxReader.read(model)), x).get("y"))
                .containsExactly(expected);
    }

    @Test
    void activationsOfFourBitsAreRefused() {
        byte[] model = bytes(
                weights(22, true),
                constant("s", Tensor.scalar(.5f)),
                zero(22, 0),
                node("QuantizeLinear", "x s z", "d"));
        assertThatThrownBy(() -> OnnxReader.read(model))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("Node 'd' (QuantizeLinear): found activations quantized to four bits");
    }
}
