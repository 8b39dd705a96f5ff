package dev.vitrine.engine.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people take for a model by mistake is named for what it is. */
class FileKindTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(new byte[100]);
            }
        }
        return out.toByteArray();
    }

    private void assertNamed(byte[] bytes, String kind, String advice) throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.write(file, bytes);
        assertThatThrownBy(() -> OnnxReader.read(file))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("found " + kind)
                .hasMessageContaining(", expected an ONNX model")
                .hasMessageContaining(advice);
        assertThatThrownBy(() -> OnnxReader.read(bytes)).hasMessageContaining(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "m/data.pkl, a PyTorch checkpoint, torch.onnx.export",
        "m/constants.pkl, a PyTorch file (TorchScript), torch.onnx.export",
        "net.onnx, an archive with an ONNX model in it, Unpack it",
        "metadata.json, a Keras model, tf2onnx",
        "readme.txt, a zip archive, Unpack it"
    })
    void archives(String entry, String kind, String advice) throws IOException {
        assertNamed(zip(entry), kind, advice);
    }

    @Test
    void compressedFiles() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new byte[50]);
        }
        assertNamed(out.toByteArray(), "a compressed file (gzip)", "Unpack it");
    }

    @Test
    void otherModels() throws IOException {
        assertNamed(bytes("\34\0\0\0TFL3" + "\0".repeat(50)), "a TensorFlow Lite model", "--tflite");
        assertNamed(
                bytes("\34\0\0\0ORTM" + "\0".repeat(50)), "a model in ONNX Runtime's own format (ORT)", ".onnx file");
        assertNamed(bytes("\u0089HDF\r\n\u001a\n" + "\0".repeat(50)), "an HDF5 file", "tf2onnx");
        assertNamed(bytes("<\0\0\0\0\0\0\0{\"w\":{}}" + "\0".repeat(50)), "weights in safetensors form", "torch.onnx");
        assertNamed(bytes("\u0080\2}q\0."), "a PyTorch or pickle file", "torch.onnx.export");
        assertNamed(bytes("\n\27\n\5input\22\13Placeholder"), "a TensorFlow graph", "--graphdef");
        assertNamed(bytes("\b\1\22\23\n\7\"\5serve\22\b\n\6\n\1x\22\1y"), "a TensorFlow SavedModel", "--saved-model");
        assertNamed(bytes("\b\4\22\6\n\4\n\2abz\0"), "a Core ML model", "torch.onnx.export");
    }

    @Test
    void otherThings() throws IOException {
        assertNamed(bytes("<!DOCTYPE html><html>Not found</html>"), "a web page", "Download the model again");
        assertNamed(bytes("hello, this is no model\n"), "text", "Export");
        assertNamed(bytes("{\"error\": \"denied\"}"), "JSON text", "Export");
        assertNamed(bytes("\u0089PNG\r\n\u001a\n"), "a picture", "--model");
        assertNamed(new byte[4096], "only zeros", "Download");
        assertNamed(bytes("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer", "git lfs pull");
    }

    @Test
    void foldersAndDevices() throws IOException {
        Files.write(folder.resolve("saved_model.pb"), new byte[3]);
        assertThatThrownBy(() -> OnnxReader.read(folder)).hasMessageContaining("It is a TensorFlow SavedModel");
        Path device = Path.of("/dev/null");
        if (Files.exists(device)) {
            assertThatThrownBy(() -> OnnxReader.read(device)).hasMessageContaining("found no regular file");
        }
    }
}
