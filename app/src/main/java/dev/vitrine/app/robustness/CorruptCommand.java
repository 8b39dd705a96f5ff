package dev.vitrine.app.robustness;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.corruption.Constants;
import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.corruption.StackCorruption;
import dev.vitrine.lens.data.PictureStack;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vitrine corrupt}: pictures with noise, blur, weather or compression. */
@Command(
        name = "corrupt",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Corrupts pictures: noise, blur, weather, compression, in five severities.",
        description = {
            "%nThe corruptions of ImageNet-C and CIFAR-10-C (Hendrycks and Dietterich 2019) with their constants. Reads"
                    + " color pictures from a NumPy file, uint8 [pictures, height, width, 3], and writes the corrupted"
                    + " ones in the same form. What is drawn at random depends on the seed and on the picture"
                    + " alone.%n",
            "  vitrine corrupt --input x.npy --corruption fog --severity 3 --output foggy.npy%n"
        })
public final class CorruptCommand implements Callable<Integer> {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "X.npy",
            required = true,
            description = "Pictures: uint8 [pictures, height, width, 3].")
    private Path input;

    @Option(
            names = "--corruption",
            paramLabel = "ID",
            required = true,
            description = "Corruption: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Ids.class)
    private String corruption;

    @Option(
            names = "--severity",
            paramLabel = "S",
            required = true,
            description = "Severity: 1 to 5; 0 leaves the pictures as they are.")
    private int severity;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--constants",
            paramLabel = "PIXELS",
            description = "Constants chosen for pictures of 224 pixels (ImageNet-C) or of 32 (CIFAR-10-C). Default: 224"
                    + " if both sides have 85 pixels or more.")
    private Optional<Integer> constants;

    @Option(
            names = "--angle",
            paramLabel = "DEGREES",
            description = "Direction of motion_blur and snow, clockwise from the right. Default: another one for each"
                    + " picture.")
    private Optional<Double> angle;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.npy",
            required = true,
            description = "Output file of the corrupted pictures, as the input.")
    private Path output;

    private final Terminal terminal;
    private final Stop stop;

    public CorruptCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        StackCorruption work = new StackCorruption(
                Corruptions.find(corruption), severity, seed, constants.map(CorruptCommand::named), angle());
        PictureStack stack = PictureStack.read(input);
        try (Claim claim = OutputFolder.takeFile(output, terminal)) {
            ProgressLine line = ProgressLine.of(work.corruption().title(), terminal);
            PictureStack.write(output, work.of(stack, (done, total) -> {
                stop.check();
                line.report(done, total);
            }));
            line.end();
        }
        terminal.out().println(output);
        return 0;
    }

    private OptionalDouble angle() {
        if (angle.isPresent() && !Double.isFinite(angle.get())) {
            throw VitrineException.usage("--angle: found " + angle.get() + "; expected degrees.");
        }
        return angle.stream().mapToDouble(Double::doubleValue).findAny();
    }

    private static Constants named(int pixels) {
        return Arrays.stream(Constants.values())
                .filter(known -> known.pixels() == pixels)
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("--constants: found " + pixels + "; expected 224 or 32."));
    }

    /** The names of all corruptions. */
    private static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Corruptions.ALL.stream().map(Corruption::id).iterator();
        }
    }
}
