package dev.vitrine.study.report;

import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Evaluation;
import java.util.List;
import java.util.Locale;

/** Training progress as lines of text. */
public final class TrainingLines {
    /** Files that training writes. */
    public static final List<String> FILES =
            List.of("model.onnx", "model.yaml", "training.html", "log.jsonl", "evaluation.json");

    /** Column headings for the epoch lines. */
    public static final String HEADINGS =
            "epoch      rate     loss     acc   held out: loss     acc  by class   dead  pictures/s";

    private TrainingLines() {}

    /** A summary of the training data and the model, shown before the first step. */
    public static String begins(int classes, int train, int heldOut, long weights, int epochsDone, int epochs) {
        return String.format(
                Locale.ROOT,
                "%d classes, %d training pictures, %d held out, %,d weights, %s",
                classes,
                train,
                heldOut,
                weights,
                epochsDone == epochs
                        ? "already trained for all " + epochs + " epochs"
                        : "epoch " + (epochsDone + 1) + " of " + epochs);
    }

    /** The results of an epoch, in the columns of {@link #HEADINGS}. */
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

    /** Progress within an epoch. */
    public static String step(int epoch, int epochs, double loss, double accuracy) {
        return String.format(
                Locale.ROOT, "epoch %d of %d, loss %.3f, accuracy %.1f %%", epoch, epochs, loss, 100 * accuracy);
    }

    /** The final held-out accuracy. */
    public static String result(Evaluation evaluation) {
        return String.format(
                Locale.ROOT,
                "Held-out accuracy %.2f %%, mean class accuracy %.2f %%.",
                100 * evaluation.accuracy(),
                100 * evaluation.meanClassAccuracy());
    }
}
