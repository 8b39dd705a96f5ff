package dev.vitrine.app.objective;

import dev.vitrine.app.model.OpenModel;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.objective.EmbeddingLikeness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Similarity of an embedding to that of another picture, or to a given direction. */
public final class TowardOptions {
    @Option(
            names = "--toward",
            paramLabel = "PICTURE|FILE.npy",
            description = "Explain the similarity of the network's output to its output for another picture, or to the"
                    + " vector in a file, in place of a class.")
    private Optional<Path> toward;

    @Option(
            names = "--likeness",
            paramLabel = "KIND",
            defaultValue = "cosine",
            description = "Similarity measure: cosine, euclidean (negative distance) or projection (dot product)."
                    + " Default: ${DEFAULT-VALUE}.")
    private EmbeddingLikeness.Measure likeness;

    boolean isGiven() {
        return toward.isPresent();
    }

    EmbeddingLikeness objective(OpenModel open) {
        Path file = toward.orElseThrow();
        String name = file.getFileName().toString();
        boolean numbers = name.toLowerCase(Locale.ROOT).endsWith(".npy");
        Tensor point = numbers
                ? Npy.read(file)
                : open.session().logits(open.model().preprocessing().apply(PictureReader.read(file)));
        if (point.elements() != open.model().classes()) {
            throw VitrineException.usage("--toward " + file + ": found " + point + "; expected "
                    + open.model().classes() + " numbers, as in the output of the network.");
        }
        List<Float> reference = new ArrayList<>();
        for (float number : point.toFloats()) {
            if (!Float.isFinite(number)) {
                throw VitrineException.usage("--toward " + file + ": found " + number + "; expected finite numbers.");
            }
            reference.add(number);
        }
        return new EmbeddingLikeness(likeness, reference, name);
    }
}
