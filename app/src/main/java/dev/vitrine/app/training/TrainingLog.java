package dev.vitrine.app.training;

import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.lens.training.TrainingReport;
import dev.vitrine.study.report.TrainingLines;
import dev.vitrine.study.report.TrainingPage;
import java.nio.file.Path;

/** Progress of a training on the terminal. */
final class TrainingLog implements Trainer.Listener {
    private final Terminal terminal;
    private final int epochs;
    private final Path out;
    private ProgressLine line;
    private int unreadable;

    TrainingLog(Terminal terminal, int epochs, Path out) {
        this.terminal = terminal;
        this.epochs = epochs;
        this.out = out;
        this.line = new ProgressLine(terminal, 1);
    }

    void end() {
        line.end();
    }

    @Override
    public Progress reading() {
        line.begin("reading the pictures", 1);
        return line;
    }

    @Override
    public void emptyClass(String name) {
        line.end();
        terminal.err().println("vitrine: class '" + name + "' is skipped: its folder holds no pictures.");
    }

    @Override
    public void unreadable(String reason) {
        line.end();
        unreadable++;
        terminal.err().println("vitrine: left out: " + reason);
    }

    @Override
    public void begins(int classes, int train, int heldOut, long weights, int epochsDone) {
        line.end();
        if (unreadable > 0) {
            terminal.err()
                    .println((unreadable == 1 ? "1 picture is" : unreadable + " pictures are")
                            + " skipped, since they cannot be read.");
        }
        terminal.out().println(TrainingLines.begins(classes, train, heldOut, weights, epochsDone, epochs));
        if (epochsDone < epochs) {
            terminal.out().println(TrainingLines.HEADINGS);
            line = new ProgressLine(terminal, epochs - epochsDone);
        }
    }

    @Override
    public void step(int epoch, int step, int steps, double loss, double accuracy) {
        if (step == 1) {
            line.begin("", 1);
        }
        line.label(TrainingLines.step(epoch, epochs, loss, accuracy));
        line.report(step, steps);
    }

    @Override
    public void report(TrainingReport report) {
        OutputFile.write(out.resolve("training.html"), TrainingPage.html(report));
    }

    @Override
    public void epoch(EpochRecord record) {
        line.end();
        terminal.out().println(TrainingLines.epoch(record));
    }
}
