package dev.vitrine.app.attack;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureArray;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.attack.ArrayAttack;
import dev.vitrine.study.attack.AttackReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The attack on an array of pictures, for programs. */
@Command
final class ArrayOptions {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "X.npy",
            description = "Pictures: uint8 or float32 in 0..1, [pictures, height, width, channels].")
    private Optional<Path> input;

    @Option(
            names = "--labels",
            paramLabel = "Y.npy",
            description = "With --input: true class of each picture, integers [pictures].")
    private Optional<Path> labels;

    @Option(
            names = "--targets",
            paramLabel = "T.npy",
            description = "With --input: class that the network should predict for each picture, integers [pictures]."
                    + " Default: any wrong class.")
    private Optional<Path> targets;

    @Option(
            names = "--quantize",
            description = "Round the pictures to 8 bits; a change that rounding undoes is lengthened until it survives,"
                    + " within epsilon. Picture files are always rounded.")
    private boolean quantize;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.npy",
            description = "With --input: output file of the adversarial pictures, float32 in 0..1, as the input.")
    private Optional<Path> output;

    @Option(names = "--report", paramLabel = "FILE.json", description = "With --input: output file of the report.")
    private Optional<Path> report;

    boolean areGiven() {
        return input.isPresent();
    }

    /** A usage error if one of them is given for picture files. */
    void requireNone() {
        if (labels.isPresent() || targets.isPresent() || output.isPresent() || report.isPresent()) {
            throw VitrineException.usage("Found --labels, --targets, --output or --report without --input X.npy; they"
                    + " belong to arrays. Picture files take their classes from the names of their folders, their"
                    + " target from --target, and results go to --out FOLDER.");
        }
    }

    private Path required(Optional<Path> file, String option) {
        return file.orElseThrow(() ->
                VitrineException.usage("Missing " + option + ": --input expects --labels Y.npy and --output OUT.npy."));
    }

    int run(Attack attack, NetworkOptions models, Terminal terminal, Stop stop) {
        Path file = required(output, "--output");
        Path classes = required(labels, "--labels");
        PictureArray pictures = PictureArray.read(input.orElseThrow());
        int[] truth = ClassColumn.read(classes, pictures.count());
        long begun = System.nanoTime();
        try (OpenModel open = models.openForTensor(terminal, stop, Optional.empty(), List.of(), (card, type) -> card);
                Claim claim = OutputFolder.takeFile(file, terminal)) {
            ArrayAttack study = new ArrayAttack(
                    open.model(),
                    attack,
                    pictures,
                    truth,
                    targets.map(wanted -> ClassColumn.read(wanted, pictures.count())),
                    quantize ? ArrayAttack.Bits.EIGHT : ArrayAttack.Bits.REAL);
            return new StudyRun(
                            terminal,
                            stop,
                            file.toAbsolutePath().getParent(),
                            file.getFileName().toString())
                    .of(
                            model -> open.session(),
                            study,
                            (outcome, unused) ->
                                    write(outcome, pictures, (System.nanoTime() - begun) / 1e9, file, terminal),
                            answer -> {});
        }
    }

    private List<Path> write(
            Outcome<ArrayAttack.Answer> outcome, PictureArray pictures, double seconds, Path file, Terminal terminal) {
        OutputFile.write(file, pictures.bytes(outcome.result().changed()));
        AttackReport told = AttackReport.of(outcome.map(ArrayAttack.Answer::table), seconds);
        report.ifPresent(path -> OutputFile.write(path, told.json()));
        told.lines().forEach(line -> terminal.out().println("  " + line));
        return Stream.concat(Stream.of(file), report.stream()).toList();
    }
}
