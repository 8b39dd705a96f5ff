package dev.vitrine.lens.model.zoo;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A network that can be fetched.
 *
 * @param bytes of its ONNX file
 * @param sha256 of its ONNX file, in hexadecimal
 * @param path of the file in the ONNX Model Zoo
 * @param input shape of the model's input, as the zoo tells it
 * @param card which of the cards it takes, by the name of a resource
 * @param title for people
 */
public record ZooNetwork(
        String name, int opset, long bytes, String sha256, String path, String input, String card, String title) {
    private static final String DIGITS = "digits";

    /** Where the zoo says that its files are since July 2025, and where they were before. */
    private static final List<String> ADDRESSES = List.of(
            "https://huggingface.co/onnxmodelzoo/{name}/resolve/main/{name}.onnx",
            "https://media.githubusercontent.com/media/onnx/models/main/{path}");

    /** Whether it knows the 1000 classes of ImageNet. */
    public boolean isForPhotos() {
        return !card.equals(DIGITS);
    }

    /** Where its file may be, in the order to try. */
    public List<URI> addresses() {
        return ADDRESSES.stream().map(this::at).toList();
    }

    /** The same of a mirror; empty where it is no address on the web. */
    public Optional<URI> atMirror(String pattern) {
        try {
            URI address = at(pattern);
            String scheme = String.valueOf(address.getScheme());
            return Optional.of(address)
                    .filter(one -> one.getHost() != null && (scheme.equals("https") || scheme.equals("http")));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /** An address with {@code {name}} and {@code {path}} in it. */
    public URI at(String pattern) {
        return URI.create(pattern.replace("{name}", name).replace("{path}", path));
    }
}
