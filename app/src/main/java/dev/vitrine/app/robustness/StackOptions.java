package dev.vitrine.app.robustness;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.corruption.Constants;
import dev.vitrine.lens.corruption.StackCorruption;
import dev.vitrine.lens.data.PictureStack;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** Arrays of pictures to corrupt. */
final class StackOptions {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "X.npy",
            description = "Pictures: uint8 [pictures, height, width, 3].")
    private Optional<Path> input;

    @Option(
            names = "--output",
            paramLabel = "OUT.npy",
            description = "Output file of the corrupted pictures, as the input.")
    private Optional<Path> output;

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

    /** Whether the command is about an array. */
    boolean areGiven() {
        return input.isPresent() || output.isPresent() || constants.isPresent() || angle.isPresent();
    }

    int run(CorruptionOptions corruptions, long seed, Terminal terminal, Stop stop) {
        if (input.isEmpty() || output.isEmpty()) {
            throw VitrineException.usage("Found " + (input.isPresent() ? "--input" : "no --input") + " and "
                    + (output.isPresent() ? "--output" : "no --output")
                    + "; arrays need both, and --constants and --angle are for arrays.");
        }
        StackCorruption work = new StackCorruption(
                corruptions.only(), corruptions.onlySeverity(), seed, constants.map(StackOptions::named), degrees());
        PictureStack stack = PictureStack.read(input.get());
        try (Claim claim = OutputFolder.takeFile(output.get(), terminal)) {
            ProgressLine line = ProgressLine.of(work.corruption().title(), terminal);
            PictureStack.write(output.get(), work.of(stack, (done, total) -> {
                stop.check();
                line.report(done, total);
            }));
            line.end();
        }
        terminal.out().println(output.get());
        return 0;
    }

    private OptionalDouble degrees() {
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
}
