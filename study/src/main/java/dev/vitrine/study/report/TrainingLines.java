package dev.vitrine.study.report;

import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Evaluation;
import java.util.List;
import java.util.Locale;

/** How a training goes, in lines of text. */
public final class TrainingLines {
    /** What a training leaves. */
    public static final List<String> FILES =
            List.of("model.onnx", "model.yaml", "training.html", "log.jsonl", "evaluation.json");

    /** Headings of the lines of epochs. */
    public static final String HEADINGS =
            "epoch      rate     loss   right   held out: loss   right  by class   dead  pictures/s";

    private TrainingLines() {}

    /** What is learned from, before the first step. */
    public static String begins(int classes, int train, int heldOut, long weights, int epochsDone, int epochs) {
        return String.format(
                Locale.ROOT,
                "%d classes, %d pictures to learn from, %d held out, %,d weights, %s",
                classes,
                train,
                heldOut,
                weights,
                epochsDone == epochs
                        ? "trained for all " + epochs + " epochs already"
                        : "epoch " + (epochsDone + 1) + " of " + epochs);
    }

    /** What an epoch came to, below {@link #HEADINGS}. */
    public static String epoch(EpochRecord record) {
        return String.format(
                Locale.ROOT,
                "%5d  %8.5f %8.4f %5.1f %%        %8.4f %5.1f %%   %5.1f %% %4.1f %%  %10.0f",
                record.epoch(),
                record.rate(),
                record.trainLoss(),
                100 * record.trainAccuracy(),
                record.loss(),
                100 * record.accuracy(),
                100 * record.meanClassAccuracy(),
                100 * record.deadShare(),
                record.picturesPerSecond());
    }

    /** How far an epoch is. */
    public static String step(int epoch, int epochs, double loss, double accuracy) {
        return String.format(
                Locale.ROOT, "epoch %d of %d, loss %.3f, %.1f %% right", epoch, epochs, loss, 100 * accuracy);
    }

    /** What it came to. */
    public static String result(Evaluation evaluation) {
        return String.format(
                Locale.ROOT,
                "%.2f %% of the held-out pictures are told right, %.2f %% as the mean of the classes.",
                100 * evaluation.accuracy(),
                100 * evaluation.meanClassAccuracy());
    }
}
