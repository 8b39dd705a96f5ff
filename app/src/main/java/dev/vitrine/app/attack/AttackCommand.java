package dev.vitrine.app.attack;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.NetworkOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
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
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine attack}: adversarial examples, pictures changed little that the network misclassifies. */
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Changes pictures as little as possible until the network is wrong.",
        description = {
            "%nReads pictures from a NumPy file, uint8 or float32 in 0..1, [pictures, height, width, channels], of the"
                    + " size of the network's input and before its preprocessing, and writes the adversarial ones as"
                    + " float32 of the same shape.%n",
            "  vitrine attack --input x.npy --labels y.npy --method pgd --epsilon 1/255 --output adv.npy",
            "  vitrine attack --input x.npy --labels y.npy --method deepfool --output adv.npy%n"
        })
public final class AttackCommand implements Callable<Integer> {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "X.npy",
            required = true,
            description = "Pictures: uint8 or float32 in 0..1, [pictures, height, width, channels].")
    private Path input;

    @Option(
            names = "--labels",
            paramLabel = "Y.npy",
            required = true,
            description = "True class of each picture, integers [pictures].")
    private Path labels;

    @Option(
            names = "--targets",
            paramLabel = "T.npy",
            description =
                    "Class that the network should predict for each picture, integers [pictures]. Default: any wrong class.")
    private Optional<Path> targets;

    @Option(
            names = "--quantize",
            description = "Round the pictures to 8 bits; a change that rounding undoes is lengthened until it survives,"
                    + " within epsilon.")
    private boolean quantize;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.npy",
            required = true,
            description = "Output file of the adversarial pictures: float32 in 0..1, as the input.")
    private Path output;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Output file of the report.")
    private Optional<Path> report;

    @Mixin
    private AttackOptions attacks;

    @Mixin
    private NetworkOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public AttackCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Attack attack = attacks.chosen();
        PictureArray pictures = PictureArray.read(input);
        int[] truth = ClassColumn.read(labels, pictures.count());
        long begun = System.nanoTime();
        try (OpenModel open = models.openForTensor(terminal, stop, Optional.empty(), List.of(), (card, type) -> card);
                Claim claim = OutputFolder.takeFile(output, terminal)) {
            ArrayAttack study = new ArrayAttack(
                    open.model(),
                    attack,
                    pictures,
                    truth,
                    targets.map(file -> ClassColumn.read(file, pictures.count())),
                    quantize ? ArrayAttack.Bits.EIGHT : ArrayAttack.Bits.REAL);
            return new StudyRun(
                            terminal,
                            stop,
                            output.toAbsolutePath().getParent(),
                            output.getFileName().toString())
                    .of(
                            model -> open.session(),
                            study,
                            (outcome, unused) -> write(outcome, pictures, (System.nanoTime() - begun) / 1e9),
                            answer -> {});
        }
    }

    private List<Path> write(Outcome<ArrayAttack.Answer> outcome, PictureArray pictures, double seconds) {
        OutputFile.write(output, pictures.bytes(outcome.result().changed()));
        AttackReport told = AttackReport.of(outcome.map(ArrayAttack.Answer::table), seconds);
        report.ifPresent(path -> OutputFile.write(path, told.json()));
        told.lines().forEach(line -> terminal.out().println("  " + line));
        return Stream.concat(Stream.of(output), report.stream()).toList();
    }
}
