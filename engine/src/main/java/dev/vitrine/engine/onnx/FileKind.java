package dev.vitrine.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a file that is no ONNX model is instead, and what to do with it.
 *
 * @param name as in "found NAME, expected an ONNX model"
 * @param advice a whole sentence
 */
record FileKind(String name, String advice) {
    /** Names within an archive, and of the first nodes of a graph, are within so many bytes. */
    static final int LOOK_BYTES = 1 << 16;

    private static final String EXPORT = "Export the network itself to ONNX, as with torch.onnx.export.";
    private static final String CONVERT = "Convert it with 'python -m tf2onnx.convert'.";
    private static final String UNPACK = "Unpack it, and name the .onnx file in it.";
    private static final String DOWNLOAD = "Download the model again, from the address of the file itself.";

    private record Sign(Predicate<String> matches, FileKind kind) {}

    private static Sign sign(String name, String advice, Predicate<String> matches) {
        return new Sign(matches, new FileKind(name, advice));
    }

    private static Predicate<String> begins(String... starts) {
        return text -> List.of(starts).stream().anyMatch(text::startsWith);
    }

    private static Predicate<String> at(int offset, String word) {
        return text -> text.startsWith(word, offset);
    }

    private static Predicate<String> holds(String... words) {
        return text -> List.of(words).stream().anyMatch(text::contains);
    }

    private static final Predicate<String> ZIP = begins("PK\3\4", "PK\5\6");

    /** The first that matches counts. A byte is a letter of the text. */
    private static final List<Sign> SIGNS = List.of(
            sign(
                    "a Git LFS pointer",
                    "Run 'git lfs pull' to get the model it stands for.",
                    begins("version https://git-lfs")),
            sign("a PyTorch file (TorchScript)", EXPORT, ZIP.and(holds("constants.pkl", "/code/", "bytecode.pkl"))),
            sign("a PyTorch checkpoint", EXPORT, ZIP.and(holds("data.pkl"))),
            sign("an archive with an ONNX model in it", UNPACK, ZIP.and(holds(".onnx"))),
            sign("a Keras model", CONVERT, ZIP.and(holds("metadata.json", ".weights.h5"))),
            sign("a zip archive", UNPACK, ZIP),
            sign("a compressed file (gzip)", UNPACK, begins("\u001f\u008b")),
            sign("a compressed file", UNPACK, begins("BZh", "\u00fd7zXZ", "7z\u00bc\u00af", "(\u00b5/\u00fd", "Rar!")),
            sign("a tar archive", UNPACK, at(257, "ustar")),
            sign("a TensorFlow Lite model", "Convert it with 'python -m tf2onnx.convert --tflite'.", at(4, "TFL3")),
            sign(
                    "a model in ONNX Runtime's own format (ORT)",
                    "Take the .onnx file that it was made from.",
                    at(4, "ORTM")),
            sign("an HDF5 file, as of Keras", CONVERT, begins("\u0089HDF")),
            sign("weights in safetensors form, without a network", EXPORT, at(8, "{\"")),
            sign("weights in GGUF form", EXPORT, begins("GGUF")),
            sign("a PyTorch or pickle file", EXPORT, begins("\u0080\2", "\u0080\3", "\u0080\4", "\u0080\5")),
            sign("a TensorRT engine", "Take the .onnx file that it was made from.", begins("ftrt")),
            sign(
                    "a web page",
                    DOWNLOAD,
                    text -> text.stripLeading().toLowerCase(Locale.ROOT).matches("(?s)<(!doctype html|html|head).*")),
            sign("an OpenVINO model or another XML file", EXPORT, begins("<?xml", "<net ")),
            sign("JSON text", EXPORT, begins("{\"", "{\n", "[\n")),
            sign(
                    "a picture",
                    "Name the model by --model, and pictures without an option.",
                    begins("\u0089PNG", "\u00ff\u00d8\u00ff", "GIF8", "BM", "II*\0", "MM\0*")),
            sign("a NumPy array", EXPORT, begins("\u0093NUMPY")),
            sign("a program", DOWNLOAD, begins("\u007fELF", "MZ", "#!")),
            sign(
                    "only zeros",
                    DOWNLOAD,
                    text -> text.length() >= 16 && text.chars().allMatch(letter -> letter == 0)),
            sign(
                    "a TensorFlow SavedModel",
                    "Convert its folder with 'python -m tf2onnx.convert --saved-model FOLDER'.",
                    begins("\b\1\u0012").and(holds("serve", "Placeholder", "VarHandleOp", "StatefulPartitionedCall"))),
            // Its description is a message, where ONNX has the producer's name.
            sign("a Core ML model", EXPORT, text -> text.matches("(?s)\\x08[\\x01-\\x3f]\\x12.{1,2}\\x0a.*")),
            sign(
                    "a TensorFlow graph",
                    "Convert it with 'python -m tf2onnx.convert --graphdef'.",
                    begins("\n").and(holds("Placeholder", "Const", "NoOp"))));

    /** What such bytes are, if they are of a kind that people mistake for a model. */
    static Optional<FileKind> of(ByteBuffer bytes) {
        byte[] start = new byte[Math.min(LOOK_BYTES, bytes.remaining())];
        bytes.slice().get(start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        // LFS pointers are small; of a text, only that it is one can be said.
        return SIGNS.stream()
                .filter(sign -> sign.matches().test(text))
                .map(Sign::kind)
                .findFirst()
                .or(() -> isText(text) ? Optional.of(new FileKind("text", EXPORT)) : Optional.empty());
    }

    private static boolean isText(String text) {
        return text.length() >= 8
                && text.chars().allMatch(letter -> letter >= 32 && letter != 127 || "\t\r\n".indexOf(letter) >= 0);
    }
}
