package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Networks included in the program, available by name wherever a model file is expected. */
public final class EmbeddedModels {
    /** The default network. */
    public static final String USUAL = "zf-caltech";

    public static final List<String> NAMES = List.of(USUAL, "mnist-cnn");

    private EmbeddedModels() {}

    /** The network named by a path; a file of that name takes precedence. */
    static Optional<String> named(Path file) {
        return NAMES.stream()
                .filter(name -> name.equals(file.toString()) && !Files.isRegularFile(file))
                .findFirst();
    }

    static Graph graph(String name) {
        return OnnxReader.read(bytes(name).array());
    }

    /** SHA-256 of its ONNX file. */
    static ByteBuffer bytes(String name) {
        try (InputStream stream = EmbeddedModels.class.getResourceAsStream(name + ".onnx")) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name + ".onnx");
            }
            return ByteBuffer.wrap(stream.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
