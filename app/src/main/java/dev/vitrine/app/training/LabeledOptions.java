package dev.vitrine.app.training;

import dev.vitrine.app.terminal.Bound;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Pictures in one folder per class. */
public final class LabeledOptions {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            description = "Pictures as CLASS/NAME.jpg, in a folder or a zip archive.")
    private Optional<Path> data;

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Maximum number of pictures per class, sampled by seed. Default: all.")
    private Optional<Integer> perClass;

    @Option(names = "--without", paramLabel = "CLASS", split = ",", description = "Folders to skip.")
    private List<String> without = new ArrayList<>();

    /** The folder or archive, if given. */
    Optional<Path> given() {
        return data;
    }

    public Path required() {
        return data.orElseThrow(() -> VitrineException.usage(
                "Found no --data; expected pictures as CLASS/NAME.jpg, in a folder or a zip archive."));
    }

    /** An option that selects some of the pictures, if given. */
    Optional<String> chosen() {
        Optional<String> left = without.isEmpty() ? Optional.empty() : Optional.of("--without");
        return perClass.isPresent() ? Optional.of("--per-class") : left;
    }

    List<String> without() {
        return without;
    }

    /**
     * Checks the options before any file is opened.
     *
     * @param least minimum number of pictures per class
     */
    public void check(int least) {
        perClass.ifPresent(most -> Bound.atLeast(least, "--per-class", most));
    }

    public LabeledPictures of(PictureSource source, long seed) {
        LabeledPictures all = LabeledPictures.of(required(), source, without);
        return perClass.map(most -> all.atMost(most, seed)).orElse(all);
    }
}
