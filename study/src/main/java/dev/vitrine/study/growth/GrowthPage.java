package dev.vitrine.study.growth;

import dev.vitrine.study.growth.Snapshot.Distance;
import dev.vitrine.study.growth.Snapshot.LayerState;
import dev.vitrine.study.growth.Snapshot.UnitState;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.report.ReportPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The HTML and the plots of a {@link GrowthReport}. */
final class GrowthPage {
    private static final double SETTLED = 0.95;

    private final GrowthReport report;
    private final List<Snapshot> snapshots;
    private final List<LinePlot.Place> places;

    GrowthPage(GrowthReport report) {
        this.report = report;
        this.snapshots = report.snapshots();
        this.places = IntStream.range(0, snapshots.size())
                .mapToObj(
                        index -> new LinePlot.Place(index, snapshots.get(index).number()))
                .toList();
    }

    String html() {
        ReportPage page = new ReportPage("How " + report.model() + " grew", report.missing());
        settling(page);
        if (!snapshots.get(0).units().isEmpty()) {
            features(page);
        }
        filters(page);
        table(page);
        return page.unreadable(report.unreadable()).html(report.facts());
    }

    /** What the plot is of. */
    List<String> caption() {
        return List.of(
                report.model() + ", pictures of " + report.data(),
                "linear CKA of each layer's features with those of the last checkpoint: 1 where the layer already tells the"
                        + " pictures apart as it will in the end");
    }

    private void settling(ReportPage page) {
        page.section("How fast each layer settles").add("<p class=\"lead\">", verdict(), "</p>\n");
        LinePlot likeness = settling();
        LinePlot distance = distance();
        boolean anyDead = most(GrowthPage::deadShare) > 0;
        page.add("<div class=\"plots\">\n<div>", likeness.svg(), likeness.key(), "</div>\n<div>", distance.svg());
        page.add(distance.key(), "</div>\n");
        if (anyDead) {
            LinePlot dead = dead();
            page.add("<div>", dead.svg(), dead.key(), "</div>\n");
        }
        page.add("</div>\n<p class=\"small\">Likeness is linear CKA (Kornblith et al. 2019) of the layer's maps, ");
        page.add(
                "averaged over 2×2 cells, with those of the last checkpoint, over the same pictures. The distance of ");
        page.add(
                "weights is ‖w − v‖ / ‖v‖ with v the last checkpoint's. A channel is dead where no picture brings it ");
        page.add("above 0", anyDead ? "" : "; at none of these checkpoints any is", ".</p>\n")
                .end();
    }

    private String verdict() {
        List<String> early = new ArrayList<>();
        List<String> late = new ArrayList<>();
        List<LayerState> layers = snapshots.get(0).layers();
        for (int layer : chosen(layers.size())) {
            int index = 0;
            while (!settled(layer, index)) {
                index++;
            }
            String name = "<b>" + Html.text(layers.get(layer).layer()) + "</b>";
            if (index < snapshots.size() - 1) {
                early.add(name + " from " + Html.text(snapshots.get(index).name()));
            } else {
                late.add(name);
            }
        }
        String settled = early.isEmpty() ? "no layer before the last checkpoint" : String.join(", ", early);
        return "Likeness with the last checkpoint stays above " + SETTLED + ": " + settled
                + (early.isEmpty() || late.isEmpty() ? "" : "; not before the end: " + String.join(", ", late)) + ".";
    }

    /** The last checkpoint always is. */
    private boolean settled(int layer, int from) {
        return from == snapshots.size() - 1
                || snapshots.subList(from, snapshots.size()).stream()
                        .allMatch(snapshot -> snapshot.layers().get(layer).likeness() >= SETTLED);
    }

    /** Likeness over the checkpoints. */
    LinePlot settling() {
        List<LayerState> layers = snapshots.get(0).layers();
        return plot(
                "Likeness with the last checkpoint",
                chosen(layers.size()),
                index -> layers.get(index).layer(),
                index -> snapshots.stream()
                        .map(snapshot -> snapshot.layers().get(index).likeness())
                        .toList(),
                1);
    }

    private LinePlot distance() {
        List<Distance> layers = snapshots.get(0).weights();
        double most = most(snapshot -> snapshot.weights().stream()
                .mapToDouble(Distance::distance)
                .max()
                .orElse(0));
        return plot(
                "Distance of weights from the last checkpoint",
                chosen(layers.size()),
                index -> layers.get(index).layer(),
                index -> snapshots.stream()
                        .map(snapshot -> snapshot.weights().get(index).distance())
                        .toList(),
                Math.max(0.1, Math.ceil(most * 10) / 10));
    }

    private LinePlot dead() {
        List<LayerState> layers = snapshots.get(0).layers();
        List<Integer> rectified = IntStream.range(0, layers.size())
                .filter(index -> layers.get(index).dead().isPresent())
                .boxed()
                .toList();
        List<Integer> shown =
                chosen(rectified.size()).stream().map(rectified::get).toList();
        double most = most(GrowthPage::deadShare);
        return plot(
                "Share of dead channels",
                shown,
                index -> layers.get(index).layer(),
                index -> snapshots.stream()
                        .map(snapshot -> deadShare(snapshot.layers().get(index)))
                        .toList(),
                Math.max(0.1, Math.ceil(most * 10) / 10));
    }

    private static double deadShare(LayerState layer) {
        return (double) layer.dead().orElse(0) / layer.channels();
    }

    /** Of the layer that has most of them. */
    private static double deadShare(Snapshot snapshot) {
        return snapshot.layers().stream()
                .mapToDouble(GrowthPage::deadShare)
                .max()
                .orElse(0);
    }

    private double most(ToDoubleFunction<Snapshot> value) {
        return snapshots.stream().mapToDouble(value).max().orElse(0);
    }

    private interface Named {
        String of(int index);
    }

    private interface Curve {
        List<Double> of(int index);
    }

    private LinePlot plot(String title, List<Integer> chosen, Named name, Curve curve, double high) {
        List<LinePlot.Line> lines = new ArrayList<>();
        for (int index : chosen) {
            lines.add(new LinePlot.Line(name.of(index), lines.size(), curve.of(index)));
        }
        return new LinePlot(title, "checkpoint", places, 0, high, OptionalDouble.empty(), lines);
    }

    /** So many that colours tell them apart, evenly taken. */
    private static List<Integer> chosen(int layers) {
        int count = Math.min(LinePlot.COLORS, layers);
        return IntStream.range(0, count)
                .mapToObj(index -> count == 1 ? 0 : index * (layers - 1) / (count - 1))
                .toList();
    }

    private void features(ReportPage page) {
        page.section("What channels answer to most, as they grow");
        page.add("<p class=\"lead\">For each channel the neuron that answers most to any of the pictures: its value ");
        page.add("projected down by the deconvnet, and below it the part of the picture that it sees. An orange bar ");
        page.add(
                "marks where another picture became the strongest of all (figure 4 of Zeiler &amp; Fergus 2014).</p>\n");
        for (String layer : report.drawnLayers()) {
            page.add(
                    "<h3>",
                    Html.text(layer),
                    "</h3>\n<div class=\"scroll\"><table class=\"maps growth\">\n<thead><tr><th></th>");
            snapshots.forEach(snapshot -> page.add("<th>", Html.text(snapshot.name()), "</th>"));
            page.add("</tr></thead>\n<tbody>\n");
            List<UnitState> units = snapshots.get(0).units();
            for (int unit = 0; unit < units.size(); unit++) {
                if (units.get(unit).layer().equals(layer)) {
                    row(page, unit);
                }
            }
            page.add("</tbody>\n</table></div>\n");
        }
        page.end();
    }

    private void row(ReportPage page, int unit) {
        page.add("<tr><th scope=\"row\">", snapshots.get(0).units().get(unit).channel(), "</th>");
        for (int index = 0; index < snapshots.size(); index++) {
            UnitState state = snapshots.get(index).units().get(unit);
            String about = Html.text(String.format(Locale.ROOT, "%s, %.3g", state.name(), state.value()));
            page.add("<td", report.jumps(index, unit) ? " class=\"jump\"" : "", " title=\"", about, "\">");
            page.add(state.projection()
                    .map(picture -> "<img alt=\"projection\" src=\"" + Html.data(picture) + "\">")
                    .orElse("<span class=\"small\">nothing<br>excites it</span>"));
            page.add("<img alt=\"", about, "\" src=\"", Html.data(state.patch()), "\"></td>");
        }
        page.add("</tr>\n");
    }

    private void filters(ReportPage page) {
        if (snapshots.get(0).filters().isEmpty()) {
            return;
        }
        page.section("Filters of the first layer");
        page.add("<p class=\"lead\">In the colours of the input, each on its own scale; middle grey is 0.</p>\n");
        page.add("<div class=\"scroll\"><table class=\"maps strip\">\n<tbody>\n");
        int count = snapshots.get(0).filters().size();
        for (Snapshot snapshot : snapshots) {
            page.add("<tr><th scope=\"row\">", Html.text(snapshot.name()), "</th>");
            for (int filter = 0; filter < count; filter++) {
                page.add("<td><img alt=\"filter ", filter, "\" src=\"");
                page.add(Html.data(snapshot.filters().get(filter)), "\"></td>");
            }
            page.add("</tr>\n");
        }
        page.add("</tbody>\n</table></div>\n").end();
    }

    private void table(ReportPage page) {
        page.section("Layer by layer").add("<div class=\"scroll\"><table class=\"measures\">\n<thead><tr>");
        page.add("<th style=\"text-align:left\">layer<br><span>likeness, dead channels</span></th>");
        snapshots.forEach(snapshot -> page.add("<th>", Html.text(snapshot.name()), "</th>"));
        page.add("</tr></thead>\n<tbody>\n");
        List<LayerState> layers = snapshots.get(0).layers();
        for (int index = 0; index < layers.size(); index++) {
            page.add("<tr><th>", Html.text(layers.get(index).layer()), "</th>");
            for (Snapshot snapshot : snapshots) {
                LayerState state = snapshot.layers().get(index);
                page.add("<td>", String.format(Locale.ROOT, "%.3f", state.likeness()));
                page.add(state.dead()
                        .map(dead -> dead == 0 ? "" : "<br><span class=\"small\">" + dead + " dead</span>")
                        .orElse(""));
                page.add("</td>");
            }
            page.add("</tr>\n");
        }
        page.add("</tbody>\n</table></div>\n").end();
    }
}
