package dev.vitrine.study.ablation;

import dev.vitrine.study.ablation.ChannelAblation.Order;
import dev.vitrine.study.ablation.ChannelAblation.Step;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.BarPlot;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.plot.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The HTML and the plots of an {@link AblationReport}. */
final class AblationPage {
    private static final double POINT = 0.01;
    private static final int NAMED = 8;

    private final AblationReport report;

    AblationPage(AblationReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JteablationGenerated.render(output, null, this));
    }

    AblationReport report() {
        return report;
    }

    String title() {
        return "Ablation of " + (report.layers().isEmpty() ? "channels" : "layers") + " of " + report.model();
    }

    /** The caption of the plot. */
    List<String> caption() {
        Outcome whole = report.whole();
        return List.of(
                report.model() + " on " + report.data() + ", " + whole.pictures()
                        + " pictures; intact network: top-1 error "
                        + percent(whole.topOneError()) + ", top-5 error " + percent(whole.topFiveError()) + ", loss "
                        + number(whole.loss()),
                report.layers().isEmpty()
                        ? "ablated channels are replaced by " + levels() + "; importance: increase of the loss"
                        : "bypassed: the input passes to the next layer; branch cut: only the shortcut remains; held:"
                                + " every channel is replaced by "
                                + level()
                                + (blind() > 0 ? "; †: removing it blocks the picture completely" : ""));
    }

    private String level() {
        return switch (report.fill()) {
            case MEAN -> "its mean over the pictures";
            case ZERO -> "zero";
        };
    }

    String levels() {
        return switch (report.fill()) {
            case MEAN -> "their means over the pictures";
            case ZERO -> "zero";
        };
    }

    /** Error by layer or, if only channels were ablated, over the share of ablated channels. */
    Plot plot() {
        return report.layers().isEmpty() ? shares() : depth();
    }

    /** Removals that leave a path for the picture. */
    List<LayerAblation.Result> fair() {
        return report.layers().stream()
                .filter(result -> !result.removal().isBlind())
                .toList();
    }

    /** Number of layers that every path passes through. */
    int blind() {
        return report.layers().size() - fair().size();
    }

    /** The first few removals that do not increase the error. */
    List<String> idle() {
        return idleResults()
                .limit(NAMED)
                .map(result -> result.removal().stage())
                .toList();
    }

    String moreIdle() {
        long more = idleResults().count() - NAMED;
        return more > 0 ? " and " + more + " more" : "";
    }

    private Stream<LayerAblation.Result> idleResults() {
        return fair().stream().filter(result -> !result.outcome().isWorse());
    }

    String method() {
        return "One layer or block is removed at a time; the others keep their weights without retraining"
                + (report.retrained().isPresent() ? ", except in the last column" : "")
                + ". A layer is removed together"
                + " with its normalization and activation. Bypassed: its input passes to the next layer, where the"
                + " shapes"
                + " match. Branch cut: only the shortcut of a sum remains. Held: every channel is replaced by "
                + level()
                + ", regardless of the picture; † marks layers that every path passes through, which then block the"
                + " picture."
                + " The increase of the error is measured on the same pictures; its interval is that of paired"
                + " differences.";
    }

    /** @param learned error after fine-tuning, if it was done */
    record Row(int number, String name, Removal removal, Outcome outcome, String rise, String learned) {}

    List<Row> rows() {
        return IntStream.range(0, report.layers().size())
                .mapToObj(index -> row(index + 1, report.layers().get(index)))
                .toList();
    }

    private Row row(int number, LayerAblation.Result result) {
        Removal removal = result.removal();
        Outcome outcome = result.outcome();
        return new Row(
                number,
                name(removal),
                removal,
                outcome,
                points(outcome.rise()) + " ± " + String.format(Locale.ROOT, "%.1f", 100 * outcome.margin()),
                report.retrained().map(found -> learned(found, removal)).orElse(""));
    }

    private static String learned(Retraining.Results found, Removal removal) {
        return found.without().containsKey(removal)
                ? percent(found.without().get(removal).error())
                : "";
    }

    private static String name(Removal removal) {
        return removal.stage() + (removal.isBlind() ? " †" : "");
    }

    BarPlot depth() {
        List<BarPlot.Row> rows = report.layers().stream()
                .map(result -> new BarPlot.Row(
                        name(result.removal()) + ", " + result.removal().words(),
                        result.outcome().topOneError(),
                        span(result.outcome()),
                        result.outcome().topFiveError()))
                .toList();
        return new BarPlot(
                "Error with one layer or block removed",
                "top-1 error without it, 95 % interval",
                "top-5 error without it",
                new BarPlot.Limit(
                        "top-1 error of the intact network", report.whole().topOneError()),
                rows);
    }

    private static LinePlot.Span span(Outcome outcome) {
        return new LinePlot.Span(
                Math.max(0, outcome.topOneError() - outcome.margin()),
                Math.min(1, outcome.topOneError() + outcome.margin()));
    }

    /**
     * @param dispensable number of channels that can be ablated for at most one point of error
     * @param without error with all channels ablated
     */
    record ChannelRow(String layer, int channels, int dispensable, String strongest, double without) {}

    List<ChannelRow> channelRows() {
        return report.channels().stream().map(AblationPage::channelRow).toList();
    }

    private static ChannelRow channelRow(ChannelAblation.Result result) {
        List<Step> steps = result.curves().get(Order.WEAKEST_FIRST);
        return new ChannelRow(
                result.layer(),
                result.importance().size(),
                result.dispensable(POINT),
                result.ranking().stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", ")),
                steps.get(steps.size() - 1).outcome().topOneError());
    }

    List<LinePlot> curves() {
        return report.channels().stream().map(this::curves).toList();
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
                "ablated channels, of " + count,
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

    /** Error over the share of ablated channels, the least important first; one line per layer. */
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
                "Top-1 error with the least important channels ablated",
                "share of ablated channels",
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

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String points(double rise) {
        return String.format(Locale.ROOT, "%+.1f", 100 * rise).replace("-", "−");
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
