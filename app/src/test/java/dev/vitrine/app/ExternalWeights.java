package dev.vitrine.app;

import com.google.protobuf.ByteString;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.StringStringEntryProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Moves a model's first weight to a file beside it, as exporters do for large models. */
public final class ExternalWeights {
    private ExternalWeights() {}

    /** The model in {@code folder}, its weight in {@code weights.bin} there. */
    public static Path moveOut(Path model, Path folder) throws IOException {
        Files.createDirectories(folder);
        ModelProto.Builder proto = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        TensorProto first = proto.getGraph().getInitializer(0);
        Files.write(folder.resolve("weights.bin"), first.getRawData().toByteArray());
        TensorProto moved = first.toBuilder()
                .setRawData(ByteString.EMPTY)
                .clearRawData()
                .setDataLocation(1)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("weights.bin"))
                .build();
        proto.getGraphBuilder().setInitializer(0, moved);
        return Files.write(folder.resolve("moved.onnx"), proto.build().toByteArray());
    }

    /** Other weights in the same files: the first one's sign is turned. */
    public static void change(Path moved) throws IOException {
        Path weights = moved.resolveSibling("weights.bin");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[3] ^= (byte) 0x80;
        Files.write(weights, bytes);
    }
}
