package dev.vitrine.lens.embedding.layout;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Lda;
import dev.vitrine.lens.setting.Setting;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Coordinates along the most discriminative directions, {@link Lda}. */
public record LdaLayout(
        @Setting(
                meaning = "shrinkage of the within-class scatter toward the mean variance, 0 to 1",
                least = 0,
                most = 1)
        double shrinkage)
        implements Layout {
    @Override
    public String id() {
        return "lda";
    }

    @Override
    public String shows() {
        return "the directions that tell the labels apart";
    }

    @Override
    public boolean isIterative() {
        return false;
    }

    @Override
    public Laid lay(
            Codes codes,
            Optional<Labels> labels,
            int dimensions,
            long seed,
            Runner runner,
            Memory memory,
            Progress progress) {
        Labels given = labels.orElseThrow(() -> VitrineException.usage(
                "Found no labels; linear discriminant analysis tells classes apart, expected a label for each row."));
        Lda lda = Lda.of(codes, given.of(), given.count(), dimensions, shrinkage, runner, progress);
        return new Laid(
                lda.project(codes, runner),
                Optional.empty(),
                Optional.of(lda.eigenvalues()),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }
}
