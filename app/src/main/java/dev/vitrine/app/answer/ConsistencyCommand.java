package dev.vitrine.app.answer;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.study.answer.ConsistencyReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vitrine consistency}: whether people or networks err on the same pictures. */
@Command(
        name = "consistency",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whether subjects err on the same pictures.",
        description = {
            "%nCompares each pair of subjects on the pictures that both answered. Error consistency is Cohen's kappa of"
                    + " who is right where: 0 if they agree as often as two independent subjects of their accuracies"
                    + " would, 1 if always (Geirhos et al. 2020).%n",
            "  vitrine consistency --answers answers.csv --report report.json%n"
        })
public final class ConsistencyCommand implements Callable<Integer> {
    @Mixin
    private AnswerOptions answers;

    private final Terminal terminal;

    public ConsistencyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ConsistencyReport report = ConsistencyReport.of(answers.readOfSeveral());
        return answers.write(report, report.lines(), terminal);
    }
}
