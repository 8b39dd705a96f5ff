package dev.vitrine.lens.embedding.layout;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.setting.Setting;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Coordinates along the directions of largest variance, {@link Pca}. */
public record PcaLayout(
        @Setting(meaning = "how coordinates are scaled") Pca.Scaling scaling) implements Layout {
    @Override
    public String id() {
        return "pca";
    }

    @Override
    public String shows() {
        return "the directions of largest variance";
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
        Pca pca = Pca.of(codes, dimensions, runner, seed, progress);
        return new Laid(
                pca.project(codes, scaling, runner),
                Optional.of(new Explained(pca.variances(), pca.ratios())),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }
}
