package dev.vitrine.engine.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.tensor.DirectMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * ONNX files of opsets 7 to 26, read into graphs of {@link Graph#OPSET}: functions are inlined, older and newer forms
 * of operators rewritten, unknown operators kept. Weights of a large file are copied once, aligned, and the file's
 * mapping is released.
 */
public final class OnnxReader {
    private static final int MAPPED_FROM_BYTES = 16 << 20;

    private OnnxReader() {}

    /**
     * What a file holds.
     *
     * @param external the external files that it takes weights from, in order of first reference
     */
    public record Contents(Graph graph, List<Path> external) {}

    /** Reads a file; external weights are looked up only in its folder. */
    public static Graph read(Path file) {
        return contents(file).graph();
    }

    /** Reads a file like {@link #read(Path)}, and returns its external files too. */
    public static Contents contents(Path file) {
        FileStamp stamp = FileStamp.of(file);
        ExternalData external =
                new ExternalData(Optional.ofNullable(file.toAbsolutePath().getParent()));
        ByteBuffer bytes = load(file);
        boolean small = bytes.remaining() < MAPPED_FROM_BYTES;
        TensorCodec codec = new TensorCodec(external, small ? TensorCodec.RawData.SHARED : TensorCodec.RawData.COPIED);
        Graph graph;
        try {
            graph = parse(bytes, "'" + file + "'", codec);
        } catch (VitrineException e) {
            stamp.requireUnchanged();
            throw e;
        } catch (InternalError cut) {
            // A mapped file that was truncated.
            stamp.requireUnchanged();
            throw cut;
        }
        stamp.requireUnchanged();
        external.requireUnchanged();
        if (!small) {
            bytes = ByteBuffer.allocate(0);
            // The mapping is released with its last reference, which only a collection notices.
            DirectMemory.collect();
        }
        return new Contents(graph, external.files());
    }

    /** Reads a model without external weights. */
    public static Graph read(byte[] bytes) {
        return parse(ByteBuffer.wrap(bytes), "The given bytes", shared(Optional.empty()));
    }

    /**
     * Reads a model from a buffer, which must not be written to afterwards; external files are looked up in a folder.
     */
    public static Graph read(ByteBuffer bytes, Path folder) {
        return parse(bytes, "The given bytes", shared(Optional.of(folder.toAbsolutePath())));
    }

    private static TensorCodec shared(Optional<Path> folder) {
        return new TensorCodec(new ExternalData(folder), TensorCodec.RawData.SHARED);
    }

    private static ByteBuffer load(Path file) {
        if (!Files.exists(file)) {
            throw VitrineException.failure("'" + file
                    + "': no such file, expected an ONNX model. Check the path, or download the model first.");
        }
        if (Files.isDirectory(file)) {
            boolean saved = Files.exists(file.resolve("saved_model.pb"));
            throw VitrineException.failure("'" + file + "': found a folder, expected an ONNX file. "
                    + (saved
                            ? "It is a TensorFlow SavedModel; convert it with 'python -m tf2onnx.convert"
                                    + " --saved-model'."
                            : "Name the .onnx file in it."));
        }
        if (!Files.isRegularFile(file)) {
            throw VitrineException.failure(
                    "'" + file + "': found no regular file, expected an ONNX file. Name the file itself.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                ByteBuffer start = ByteBuffer.allocate(FileKind.LOOK_BYTES);
                while (start.hasRemaining() && channel.read(start) >= 0) {}
                if (FileKind.of(start.flip()).isPresent()) {
                    throw notAModel(start, "'" + file + "'");
                }
                throw VitrineException.failure(
                        "'" + file + "': found " + size + " bytes, expected at most 2 GiB, the limit"
                                + " of the ONNX format. Export the model with its weights as external data.");
            }
            if (size >= MAPPED_FROM_BYTES) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return bytes.flip();
        } catch (IOException e) {
            throw VitrineException.failure("'" + file + "': cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Graph parse(ByteBuffer bytes, String where, TensorCodec codec) {
        if (!bytes.hasRemaining()) {
            throw VitrineException.failure(
                    where + ": found no bytes, expected an ONNX model. Download or export it again.");
        }
        ModelProto model;
        try {
            CodedInputStream input =
                    UnsafeByteOperations.unsafeWrap(bytes.slice()).newCodedInput();
            input.enableAliasing(true);
            input.setSizeLimit(Integer.MAX_VALUE);
            model = ModelProto.parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            throw notAModel(bytes, where);
        } catch (IOException e) {
            throw VitrineException.failure(where + ": cannot be read: " + e.getMessage() + ".", e);
        }
        if (!model.hasGraph() || model.getIrVersion() < 1) {
            throw notAModel(bytes, where);
        }
        return new GraphImporter(model, where, codec).graph();
    }

    private static VitrineException notAModel(ByteBuffer bytes, String where) {
        Optional<FileKind> kind = FileKind.of(bytes);
        if (kind.isPresent()) {
            return VitrineException.failure(where + ": found " + kind.get().name() + ", expected an ONNX model. "
                    + kind.get().advice());
        }
        byte[] start = new byte[Math.min(40, bytes.remaining())];
        bytes.slice().get(start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        // An ONNX file begins with field 1, its IR version, a small number.
        if (start.length > 1 && start[0] == 8 && start[1] > 0 && start[1] < 64) {
            return VitrineException.failure(where + ": found a truncated or damaged ONNX model (" + bytes.remaining()
                    + " bytes). Download or copy it again, whole.");
        }
        String shown = text.substring(0, Math.min(12, text.length())).replaceAll("[^\\x20-\\x7e]", ".");
        return VitrineException.failure(where + ": found no ONNX model; it begins with \"" + shown
                + "\". Expected an .onnx file: check the path, or" + " export the network to ONNX.");
    }
}
