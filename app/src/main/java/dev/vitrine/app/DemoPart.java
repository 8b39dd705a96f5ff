package dev.vitrine.app;

import dev.vitrine.lens.data.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Pictures of the demo, bundled with the program.
 *
 * @param kind name of their folder
 * @param network bundled network that is explained
 * @param mistaken picture that the network misclassifies
 */
record DemoPart(String kind, List<String> names, String network, Optional<Mistaken> mistaken) {
    /** The index of a misclassified picture and what it really shows. */
    record Mistaken(int index, String className) {}

    static final List<DemoPart> ALL = List.of(
            new DemoPart(
                    "photos",
                    List.of(
                            "sunflower.jpg",
                            "leopard.jpg",
                            "grand-piano.jpg",
                            "ketch.jpg",
                            "starfish.jpg",
                            "cup.jpg",
                            "face.jpg",
                            "figurine-cup.jpg"),
                    "zf-caltech",
                    Optional.of(new Mistaken(7, "cup"))),
            new DemoPart("digits", List.of("two.png", "five.png", "eight.png"), "mnist-cnn", Optional.empty()));

    /** Writes the pictures. */
    List<Path> write(Path out) {
        List<Path> files =
                names.stream().map(name -> out.resolve(kind).resolve(name)).toList();
        files.forEach(file -> OutputFile.write(file, resource(file.getFileName().toString())));
        return files;
    }

    Path explained(Path out) {
        return out.resolve(kind + "-explained");
    }

    Path page(Path out) {
        return explained(out).resolve("index.html").toAbsolutePath().normalize();
    }

    private static byte[] resource(String name) {
        try (InputStream stream = DemoPart.class.getResourceAsStream("demo/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource demo/" + name);
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
