package dev.vitrine.app.answer;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.study.answer.ShapeBiasReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vitrine shape-bias}: whether people or networks go by shape or by texture. */
@Command(
        name = "shape-bias",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whether subjects go by shape or by texture.",
        description = {
            "%nReads answers to cue-conflict pictures, such as cat7-elephant1.png with the shape of a cat and the texture"
                    + " of an elephant. The shape bias is the share of answers that name the shape among those that name"
                    + " either; pictures without conflict are left out (Geirhos et al. 2019).%n",
            "For orientation: people 95.9 %%, AlexNet 25.3 %%, ResNet-50 21.4 %%, VGG-16 9.2 %%; answers at random 50 %%.%n",
            "  vitrine shape-bias --answers answers.csv --report report.json%n"
        })
public final class ShapeBiasCommand implements Callable<Integer> {
    @Mixin
    private AnswerOptions answers;

    private final Terminal terminal;

    public ShapeBiasCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ShapeBiasReport report = ShapeBiasReport.of(answers.read());
        return answers.write(report, report.lines(), terminal);
    }
}
