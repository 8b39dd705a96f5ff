package dev.vitrine.study.variant;

import dev.vitrine.study.Interval;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.BarPlot;
import dev.vitrine.study.plot.LinePlot;
import java.util.List;
import java.util.Locale;

/** The HTML and the plot of a {@link VariantReport}. */
final class VariantPage {
    private final VariantReport report;

    VariantPage(VariantReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JtevariantGenerated.render(output, null, this));
    }

    VariantReport report() {
        return report;
    }

    /** Whether each network is trained several times. */
    boolean isRepeated() {
        return report.repeats() > 1;
    }

    String howOften() {
        return isRepeated() ? ", " + report.repeats() + " times with seeds " + report.seeds() : "";
    }

    String weights(VariantResult result) {
        return String.format(Locale.ROOT, "%,d", result.weights());
    }

    String rise(VariantResult result) {
        return report.rise(result).replace("-", "−");
    }

    String loss(VariantResult result) {
        return String.format(
                Locale.ROOT, "%.3f", result.of(VariantResult.Run::loss).mean());
    }

    String dead(VariantResult result) {
        return String.format(
                Locale.ROOT, "%.1f %%", 100 * result.of(VariantResult.Run::dead).mean());
    }

    /** Relative link to the page of a training. */
    String training(VariantResult.Run run) {
        return report.folder() + "/" + run.folder() + "/training.html";
    }

    String method() {
        return "Zeiler & Fergus 2014, table 3. A layer is removed together with the normalization, rectifier and dropout after it;"
                + " pooling stays. Recipe, seeds, pictures and number of epochs are the same for all. The training"
                + " error is"
                + " that of the finished network on the training pictures without augmentation. "
                + (isRepeated()
                        ? "Each number is a mean over the trainings, and ± the standard deviation of one training. The"
                                + " seed determines the held-out split, the initial weights and the augmentation. The"
                                + " increase"
                                + " is relative to the unchanged network of the same seed."
                        : "The interval of the increase treats the two error rates as independent, so it is"
                                + " conservative;"
                                + " it does not include the randomness of training, which --repeats measures.")
                + " Dead are channels and units after a rectifier that no held-out picture activates; if many are dead,"
                + " the training failed.";
    }

    BarPlot plot() {
        List<BarPlot.Row> rows = report.results().stream().map(this::bar).toList();
        return new BarPlot(
                "Error of " + report.recipe() + " with layers removed or resized",
                isRepeated() ? "held-out error, mean ± standard deviation" : "held-out error, 95 %",
                "training error",
                new BarPlot.Limit(
                        "held-out error of the unchanged network",
                        report.unchanged().heldOut().mean()),
                rows);
    }

    private BarPlot.Row bar(VariantResult result) {
        return new BarPlot.Row(
                result.name(),
                result.heldOut().mean(),
                isRepeated()
                        ? deviation(result.heldOut())
                        : interval(result.runs().get(0)),
                result.learned().mean());
    }

    private static LinePlot.Span deviation(VariantResult.Spread spread) {
        return new LinePlot.Span(
                Math.max(0, spread.mean() - spread.deviation()), Math.min(1, spread.mean() + spread.deviation()));
    }

    private static LinePlot.Span interval(VariantResult.Run run) {
        Interval interval =
                Interval.ofShare(run.heldOut().share(), run.heldOut().pictures());
        return new LinePlot.Span(interval.low(), interval.high());
    }

    /** The caption of the plot. */
    List<String> caption() {
        VariantResult.Run first = report.unchanged().runs().get(0);
        return List.of(
                report.recipe() + " on " + report.data() + ": "
                        + first.learned().pictures()
                        + " training pictures, " + first.heldOut().pictures() + " held out; "
                        + report.epochs() + (report.epochs() == 1 ? " epoch" : " epochs"),
                "each network trained from random weights by the same recipe"
                        + (isRepeated() ? ", " + report.repeats() + " times, seeds " + report.seeds() : "")
                        + "; a layer is removed together with the"
                        + " normalization, rectifier and dropout after it");
    }
}
