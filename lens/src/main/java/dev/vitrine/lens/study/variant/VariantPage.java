package dev.vitrine.lens.study.variant;

import dev.vitrine.lens.render.page.Html;
import dev.vitrine.lens.report.ReportPage;
import dev.vitrine.lens.report.plot.BarPlot;
import dev.vitrine.lens.report.plot.LinePlot;
import dev.vitrine.lens.study.Interval;
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
                percent(unchanged.heldOut().share()),
                "</b> of ",
                unchanged.heldOut().pictures());
        page.add(" held-out pictures after ", report.epochs(), report.epochs() == 1 ? " epoch" : " epochs");
        page.add(". Each other network has layers removed or resized and is trained alike from random weights.</p>\n");
        page.add(plot().svg(), plot().key());
        page.add("<div class=\"scroll\"><table class=\"measures\">\n<thead><tr><th>network</th><th>weights</th>");
        page.add("<th>error<br><span>on what it learned from</span></th>");
        page.add("<th>error<br><span>on held-out pictures</span></th>");
        page.add(
                "<th>rise<br><span>points, 95 %</span></th><th>loss<br><span>held out</span></th><th>dead units</th><th></th>");
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

    private void row(ReportPage page, VariantResult result) {
        boolean first = result.equals(report.unchanged());
        page.add("<tr><th>", Html.text(result.name()), "</th><td>", grouped(result.weights()), "</td><td>");
        page.add(
                percent(result.learned().share()),
                "</td><td>",
                percent(result.heldOut().share()),
                "</td><td>");
        page.add(first ? "" : rise(result), "</td><td>", String.format(Locale.ROOT, "%.3f", result.loss()));
        page.add("</td><td>", String.format(Locale.ROOT, "%.1f %%", 100 * result.dead()));
        page.add("</td><td><a href=\"", Html.text(report.folder() + "/" + result.folder()));
        page.add("/training.html\">training</a></td></tr>\n");
    }

    private String method() {
        return "Zeiler & Fergus 2014, table 3. A layer goes with the normalisation, rectifier and dropout behind it;"
                + " pooling stays. Recipe, seed, pictures and number of epochs are the same for all. The error on what it"
                + " learned from is that of the finished network on those pictures as they are. The interval of the rise"
                + " is that of two shares, as if each were of other pictures, so it is rather too wide; it says nothing"
                + " of the chance in training, which another seed would show. Dead are maps and"
                + " units behind rectifiers that no held-out picture excites: where many are, the training itself failed.";
    }

    BarPlot plot() {
        VariantResult unchanged = report.unchanged();
        List<BarPlot.Row> rows = report.results().stream().map(VariantPage::bar).toList();
        return new BarPlot(
                "Error of " + report.recipe() + " with layers removed or resized",
                "held-out error, 95 %",
                "error on what it learned from",
                new BarPlot.Limit(
                        "held-out error of the unchanged network",
                        unchanged.heldOut().share()),
                rows);
    }

    private static BarPlot.Row bar(VariantResult result) {
        double share = result.heldOut().share();
        Interval interval = Interval.ofShare(share, result.heldOut().pictures());
        return new BarPlot.Row(
                result.name(),
                share,
                new LinePlot.Span(interval.low(), interval.high()),
                result.learned().share());
    }

    /** What the plot is of. */
    List<String> caption() {
        VariantResult unchanged = report.unchanged();
        return List.of(
                report.recipe() + " on " + report.data() + ": "
                        + unchanged.learned().pictures()
                        + " pictures to learn from, " + unchanged.heldOut().pictures() + " held out; "
                        + report.epochs() + (report.epochs() == 1 ? " epoch" : " epochs"),
                "each network trained from random weights by the same recipe; a layer goes with the normalisation,"
                        + " rectifier and dropout behind it");
    }

    String rise(VariantResult result) {
        VariantResult unchanged = report.unchanged();
        return String.format(Locale.ROOT, "%+.2f ± %.2f", 100 * result.rise(unchanged), 100 * result.margin(unchanged))
                .replace("-", "−");
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
