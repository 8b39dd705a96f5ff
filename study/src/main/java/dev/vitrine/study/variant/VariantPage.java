package dev.vitrine.study.variant;

import dev.vitrine.study.Interval;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.BarPlot;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.report.ReportPage;
import java.util.List;
import java.util.Locale;

/** The HTML and the plot of a {@link VariantReport}. */
final class VariantPage {
    private final VariantReport report;

    VariantPage(VariantReport report) {
        this.report = report;
    }

    String html() {
        VariantResult unchanged = report.unchanged();
        ReportPage page = new ReportPage("What " + report.recipe() + " comes to with other layers", report.missing());
        page.section("Trained from random weights");
        page.add("<p class=\"lead\">As it is, ", Html.text(report.recipe()), " errs on <b>");
        page.add(
                VariantReport.percent(unchanged.heldOut(), unchanged),
                "</b> of ",
                unchanged.runs().get(0).heldOut().pictures());
        page.add(" held-out pictures after ", report.epochs(), report.epochs() == 1 ? " epoch" : " epochs");
        page.add(". Each other network has layers removed or resized and is trained alike from random weights");
        page.add(several() ? ", " + report.repeats() + " times with seeds " + report.seeds() + ".</p>\n" : ".</p>\n");
        page.add(plot().svg(), plot().key());
        page.add("<div class=\"scroll\"><table class=\"measures\">\n<thead><tr><th>network</th><th>weights</th>");
        page.add("<th>error<br><span>on what it learned from</span></th>");
        page.add("<th>error<br><span>on held-out pictures</span></th>");
        page.add("<th>rise<br><span>points", several() ? "" : ", 95 %", "</span></th>");
        page.add("<th>loss<br><span>held out</span></th><th>dead units</th><th></th>");
        page.add("</tr></thead>\n<tbody>\n");
        report.results().forEach(result -> row(page, result));
        page.add("</tbody>\n</table></div>\n<p class=\"small\">", Html.text(method()), "</p>\n")
                .end();
        if (!report.unreadable().isEmpty()) {
            page.section("Left out").add("<ul>\n");
            report.unreadable().forEach(reason -> page.add("<li class=\"small\">", Html.text(reason), "</li>\n"));
            page.add("</ul>\n").end();
        }
        return page.html(report.facts());
    }

    private boolean several() {
        return report.repeats() > 1;
    }

    private void row(ReportPage page, VariantResult result) {
        page.add("<tr><th>", Html.text(result.name()), "</th><td>", grouped(result.weights()), "</td><td>");
        page.add(
                VariantReport.percent(result.learned(), result),
                "</td><td>",
                VariantReport.percent(result.heldOut(), result),
                "</td><td>");
        page.add(report.rise(result).replace("-", "−"), "</td><td>");
        page.add(String.format(
                Locale.ROOT, "%.3f", result.of(VariantResult.Run::loss).mean()));
        page.add(
                "</td><td>",
                String.format(
                        Locale.ROOT,
                        "%.1f %%",
                        100 * result.of(VariantResult.Run::dead).mean()));
        page.add("</td><td>");
        for (VariantResult.Run run : result.runs()) {
            page.add("<a href=\"", Html.text(report.folder() + "/" + run.folder()), "/training.html\">");
            page.add(several() ? "seed " + run.seed() : "training", "</a> ");
        }
        page.add("</td></tr>\n");
    }

    private String method() {
        return "Zeiler & Fergus 2014, table 3. A layer goes with the normalisation, rectifier and dropout behind it;"
                + " pooling stays. Recipe, seeds, pictures and number of epochs are the same for all. The error on what it"
                + " learned from is that of the finished network on those pictures as they are. "
                + (several()
                        ? "Each number is a mean over the trainings, and ± the standard deviation of one training. A seed"
                                + " draws which pictures are held out, the first weights and what happens to pictures. The"
                                + " rise is that from the unchanged network of the same seed."
                        : "The interval of the rise is that of two shares, as if each were of other pictures, so it is"
                                + " rather too wide; it says nothing of the chance in training, which --repeats shows.")
                + " Dead are maps and units behind rectifiers that no held-out picture excites: where many are, the"
                + " training itself failed.";
    }

    BarPlot plot() {
        List<BarPlot.Row> rows = report.results().stream().map(this::bar).toList();
        return new BarPlot(
                "Error of " + report.recipe() + " with layers removed or resized",
                several() ? "held-out error, mean ± standard deviation" : "held-out error, 95 %",
                "error on what it learned from",
                new BarPlot.Limit(
                        "held-out error of the unchanged network",
                        report.unchanged().heldOut().mean()),
                rows);
    }

    private BarPlot.Row bar(VariantResult result) {
        return new BarPlot.Row(
                result.name(),
                result.heldOut().mean(),
                several() ? deviation(result.heldOut()) : interval(result.runs().get(0)),
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

    /** What the plot is of. */
    List<String> caption() {
        VariantResult.Run first = report.unchanged().runs().get(0);
        return List.of(
                report.recipe() + " on " + report.data() + ": "
                        + first.learned().pictures()
                        + " pictures to learn from, " + first.heldOut().pictures() + " held out; "
                        + report.epochs() + (report.epochs() == 1 ? " epoch" : " epochs"),
                "each network trained from random weights by the same recipe"
                        + (several() ? ", " + report.repeats() + " times, seeds " + report.seeds() : "")
                        + "; a layer goes with the normalisation,"
                        + " rectifier and dropout behind it");
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
