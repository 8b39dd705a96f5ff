package dev.vitrine.study.ablation;

import dev.vitrine.study.ablation.ChannelAblation.Order;
import dev.vitrine.study.ablation.ChannelAblation.Step;
import dev.vitrine.study.ablation.Removal.How;
import dev.vitrine.study.ablation.Removal.Passage;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.report.ReportPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The HTML and the plots of an {@link AblationReport}. */
final class AblationPage {
    private static final double POINT = 0.01;
    private static final int NAMED = 8;

    private final AblationReport report;

    AblationPage(AblationReport report) {
        this.report = report;
    }

    String html() {
        String title = "What " + report.model() + " loses without "
                + (report.layers().isEmpty() ? "channels of its layers" : "its layers");
        ReportPage page = new ReportPage(title, report.missing());
        if (!report.layers().isEmpty()) {
            layers(page);
        }
        if (!report.channels().isEmpty()) {
            channels(page);
        }
        return page.unreadable(report.unreadable()).html(report.facts());
    }

    /** What the plot is of. */
    List<String> caption() {
        Outcome whole = report.whole();
        return List.of(
                report.model() + " on " + report.data() + ", " + whole.pictures()
                        + " pictures; the whole network: top-1 error "
                        + percent(whole.topOneError()) + ", top-5 error " + percent(whole.topFiveError()) + ", loss "
                        + number(whole.loss()),
                report.layers().isEmpty()
                        ? "channels that are taken out hold " + levels() + "; importance by the rise of the loss"
                        : "bypassed or branch cut: what follows reads what comes before; held: every channel holds "
                                + level());
    }

    private String level() {
        return switch (report.fill()) {
            case MEAN -> "its mean over the pictures";
            case ZERO -> "zero";
        };
    }

    private String levels() {
        return switch (report.fill()) {
            case MEAN -> "their means over the pictures";
            case ZERO -> "zero";
        };
    }

    /** Of layers where there are any, else of the share of channels that is held. */
    LinePlot plot() {
        return report.layers().isEmpty() ? shares() : depth();
    }

    private void layers(ReportPage page) {
        Outcome whole = report.whole();
        page.section("Is there any point in this layer?");
        page.add("<p class=\"lead\">The whole network errs on <b>", percent(whole.topOneError()), "</b> of ");
        page.add(
                whole.pictures(), " pictures (top-5: ", percent(whole.topFiveError()), ", loss ", number(whole.loss()));
        page.add("). ", verdict(), "</p>\n");
        report.retrained().ifPresent(found -> {
            page.add(
                    "<p class=\"lead\">After learning on by the recipe ",
                    Html.text(found.recipe()),
                    ", the whole network errs");
            page.add(
                    " on <b>",
                    percent(found.whole().error()),
                    "</b> of the pictures that the recipe holds out; what the");
            page.add(" others come to is in the last column.</p>\n");
        });
        LinePlot depth = depth();
        page.add(depth.svg(LinePlot.Breadth.BROAD), depth.key());
        page.add("<div class=\"scroll\"><table class=\"measures\">\n<thead><tr><th>#</th>");
        page.add(
                "<th style=\"text-align:left\">taken out, by its last value</th><th style=\"text-align:left\">how</th>");
        page.add("<th>layers</th><th>weights</th><th>top-1 error</th><th>rise<br><span>points, 95 %</span></th>");
        page.add("<th>top-5 error</th><th>loss</th>");
        report.retrained()
                .ifPresent(found -> page.add("<th>learned on<br><span>error on held-out pictures</span></th>"));
        page.add("</tr></thead>\n<tbody>\n");
        for (int index = 0; index < report.layers().size(); index++) {
            row(page, index + 1, report.layers().get(index));
        }
        page.add("</tbody>\n</table></div>\n<p class=\"small\">", Html.text(method()), "</p>\n")
                .end();
    }

    private String verdict() {
        List<LayerAblation.Result> idle = report.layers().stream()
                .filter(result -> !result.outcome().isWorse())
                .toList();
        if (idle.isEmpty()) {
            return "Without any one of the layers it errs more often.";
        }
        String names = String.join(
                ", ",
                idle.stream()
                        .limit(NAMED)
                        .map(result -> "<b>" + Html.text(result.removal().layer()) + "</b>")
                        .toList());
        return "Without " + names + (idle.size() > NAMED ? " and " + (idle.size() - NAMED) + " more" : "")
                + ", each taken out alone, it errs no more often, as far as these pictures tell.";
    }

    private String method() {
        return "One thing is taken out at a time, the rest stays as it was trained; nothing is trained again"
                + (report.retrained().isPresent() ? " but for the last column" : "")
                + ". A layer goes"
                + " with the normalisation and activation behind it. Bypassed: what follows reads what comes before, where"
                + " both have one shape. Branch cut: a sum keeps its shortcut alone. Held: every channel holds "
                + level()
                + ", whatever the picture; a layer that everything passes through then lets nothing through, marked †. The"
                + " rise is over the same pictures, its interval that of paired differences.";
    }

    private void row(ReportPage page, int number, LayerAblation.Result result) {
        Removal removal = result.removal();
        Outcome outcome = result.outcome();
        page.add("<tr><td>", number, "</td><th>", Html.text(removal.layer()), blocked(removal) ? " †" : "", "</th>");
        page.add("<td style=\"text-align:left\">", removal.words(), "</td><td title=\"");
        page.add(
                Html.text(String.join(", ", removal.taken())),
                "\">",
                removal.taken().size(),
                "</td><td>");
        page.add(
                removal.parameters(),
                "</td><td>",
                percent(outcome.topOneError()),
                "</td><td",
                outcome.isWorse() ? "" : " class=\"best\"",
                ">");
        page.add(
                points(outcome.rise()), " ± ", String.format(Locale.ROOT, "%.1f", 100 * outcome.margin()), "</td><td>");
        page.add(percent(outcome.topFiveError()), "</td><td>", number(outcome.loss()), "</td>");
        report.retrained().ifPresent(found -> page.add("<td>", learned(found, removal), "</td>"));
        page.add("</tr>\n");
    }

    private static String learned(Retraining.Results found, Removal removal) {
        return found.without().containsKey(removal)
                ? percent(found.without().get(removal).error())
                : "";
    }

    private static boolean blocked(Removal removal) {
        return removal.how() == How.HELD && removal.passage() == Passage.ALONE;
    }

    private LinePlot depth() {
        int count = report.layers().size();
        List<LinePlot.Place> places = IntStream.rangeClosed(1, count)
                .mapToObj(index -> new LinePlot.Place(index, count <= 40 || index % 5 == 0 ? "" + index : ""))
                .toList();
        List<Double> values = new ArrayList<>();
        List<Double> five = new ArrayList<>();
        List<LinePlot.Span> spans = new ArrayList<>();
        for (LayerAblation.Result result : report.layers()) {
            Outcome outcome = result.outcome();
            values.add(outcome.topOneError());
            five.add(outcome.topFiveError());
            spans.add(new LinePlot.Span(
                    Math.max(0, outcome.topOneError() - outcome.margin()),
                    Math.min(1, outcome.topOneError() + outcome.margin())));
        }
        List<LinePlot.Line> lines = List.of(
                new LinePlot.Line("top-1 error without it", 0, values, spans),
                new LinePlot.Line("top-5 error without it", 1, five),
                new LinePlot.Line(
                        "top-1 error of the whole network",
                        LinePlot.CONTROL,
                        Collections.nCopies(count, report.whole().topOneError())));
        return new LinePlot(
                "Error with one layer taken out",
                "what is taken out, numbered as in the table",
                places,
                0,
                1,
                OptionalDouble.empty(),
                lines);
    }

    private void channels(ReportPage page) {
        page.section("How many channels does a layer need?");
        page.add(
                "<p class=\"lead\">More and more channels hold ",
                levels(),
                ": the most important first, or the least ");
        page.add("important first. Importance is ", Html.text(report.facts().getOrDefault("importance", "")));
        page.add(". A broken line marks the error of the whole network.</p>\n");
        page.add("<table class=\"measures\">\n<thead><tr><th style=\"text-align:left\">layer</th><th>channels</th>");
        page.add("<th>can go<br><span>within 1 point of error</span></th>");
        page.add(
                "<th style=\"text-align:left\">most important channels</th><th>without any</th></tr></thead>\n<tbody>\n");
        for (ChannelAblation.Result result : report.channels()) {
            List<Step> steps = result.curves().get(Order.WEAKEST_FIRST);
            int count = result.importance().size();
            page.add("<tr><th>", Html.text(result.layer()), "</th><td>", count, "</td><td>");
            page.add(result.dispensable(POINT), " (", percent((double) result.dispensable(POINT) / count), ")</td>");
            page.add(
                    "<td style=\"text-align:left\">",
                    String.join(
                            ", ",
                            result.ranking().stream()
                                    .limit(NAMED)
                                    .map(channel -> "" + channel)
                                    .toList()));
            page.add("</td><td>", percent(steps.get(steps.size() - 1).outcome().topOneError()), "</td></tr>\n");
        }
        page.add("</tbody>\n</table>\n<div class=\"plots\" style=\"margin-top:1.2rem\">\n");
        LinePlot key = curves(report.channels().get(0));
        report.channels().forEach(result -> page.add(curves(result).svg()));
        page.add("</div>\n", key.key()).end();
    }

    private LinePlot curves(ChannelAblation.Result result) {
        int count = result.importance().size();
        List<Step> steps = result.curves().get(Order.STRONGEST_FIRST);
        List<LinePlot.Place> places = new ArrayList<>();
        for (int index = 0; index < steps.size(); index++) {
            boolean marked = steps.size() <= 9 || index % ((steps.size() + 7) / 8) == 0;
            places.add(new LinePlot.Place(
                    steps.get(index).held(), marked ? "" + steps.get(index).held() : ""));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        for (Order order : Order.values()) {
            lines.add(new LinePlot.Line(
                    word(order),
                    order.ordinal(),
                    result.curves().get(order).stream()
                            .map(step -> step.outcome().topOneError())
                            .toList()));
        }
        return new LinePlot(
                result.layer(),
                "channels held, of " + count,
                places,
                0,
                1,
                OptionalDouble.of(report.whole().topOneError()),
                lines);
    }

    private static String word(Order order) {
        return switch (order) {
            case STRONGEST_FIRST -> "top-1 error, most important first";
            case WEAKEST_FIRST -> "top-1 error, least important first";
        };
    }

    /** Error over the share of channels held, the weakest first, a line a layer. */
    private LinePlot shares() {
        int points = 16;
        List<LinePlot.Place> places = IntStream.rangeClosed(0, points)
                .mapToObj(index ->
                        new LinePlot.Place((double) index / points, index % 4 == 0 ? 100 * index / points + " %" : ""))
                .toList();
        List<LinePlot.Line> lines = new ArrayList<>();
        int shown = Math.min(LinePlot.COLORS, report.channels().size());
        for (int index = 0; index < shown; index++) {
            ChannelAblation.Result result = report.channels()
                    .get(shown == 1 ? 0 : index * (report.channels().size() - 1) / (shown - 1));
            List<Step> steps = result.curves().get(Order.WEAKEST_FIRST);
            lines.add(new LinePlot.Line(
                    result.layer() + " (" + result.importance().size() + ")",
                    lines.size(),
                    places.stream()
                            .map(place -> between(
                                    steps, place.at() * result.importance().size()))
                            .toList()));
        }
        return new LinePlot(
                "Top-1 error with the least important channels held",
                "share of the layer's channels",
                places,
                0,
                1,
                OptionalDouble.of(report.whole().topOneError()),
                lines);
    }

    private static double between(List<Step> steps, double held) {
        for (int index = 1; index < steps.size(); index++) {
            Step low = steps.get(index - 1);
            Step high = steps.get(index);
            if (held <= high.held()) {
                double share = (held - low.held()) / (high.held() - low.held());
                return low.outcome().topOneError()
                        + share * (high.outcome().topOneError() - low.outcome().topOneError());
            }
        }
        return steps.get(steps.size() - 1).outcome().topOneError();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String points(double rise) {
        return String.format(Locale.ROOT, "%+.1f", 100 * rise).replace("-", "−");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
