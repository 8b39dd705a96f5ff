package dev.vitrine.study;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.lens.training.TrainingReport;
import java.util.function.Consumer;

/**
 * Receives progress updates from a training run within a study.
 *
 * @param epochs planned
 * @param unreadable receives reasons why pictures are left out, one sentence each
 * @param reports receives the state of training after each epoch and at the end
 */
public record TrainingProgress(
        Progress progress, int epochs, Consumer<String> unreadable, Consumer<TrainingReport> reports)
        implements Trainer.Listener {
    @Override
    public Progress reading() {
        return Progress.NONE;
    }

    @Override
    public void emptyClass(String name) {
        // The study has already matched the folders to the network's classes.
    }

    @Override
    public void unreadable(String reason) {
        unreadable.accept(reason);
    }

    @Override
    public void begins(int classes, int train, int heldOut, long weights, int epochsDone) {
        progress.report(epochsDone, epochs);
    }

    @Override
    public void step(int epoch, int step, int steps, double loss, double accuracy) {
        progress.report((long) (epoch - 1) * steps + step, (long) epochs * steps);
    }

    @Override
    public void epoch(EpochRecord line) {
        progress.report(line.epoch(), epochs);
    }

    @Override
    public void report(TrainingReport report) {
        reports.accept(report);
    }
}
