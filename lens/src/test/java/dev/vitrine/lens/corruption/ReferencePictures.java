package dev.vitrine.lens.corruption;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureStack;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What lies beside these tests: see reference.md there. */
public final class ReferencePictures {
    private ReferencePictures() {}

    /** Two photos, of 96 pixels ("large") or of 32 ("small"). */
    static List<Picture> of(String size) {
        PictureStack stack = read(size + "-pictures.npy", PictureStack::read);
        return IntStream.range(0, stack.count()).mapToObj(stack::picture).toList();
    }

    public static Tensor array(String name) {
        return read(name, Npy::read);
    }

    static List<String> lines(String name) {
        return read(name, file -> {
            try {
                return Files.readAllLines(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static <T> T read(String name, Function<Path, T> reader) {
        try (InputStream resource = ReferencePictures.class.getResourceAsStream(name)) {
            Path file = Files.createTempFile("reference", name);
            try {
                Files.write(file, resource.readAllBytes());
                return reader.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
