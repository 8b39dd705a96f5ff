package dev.vitrine.study.growth;

import dev.vitrine.study.growth.Snapshot.Distance;
import dev.vitrine.study.growth.Snapshot.LayerState;
import dev.vitrine.study.growth.Snapshot.UnitState;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The HTML and the plots of a {@link GrowthReport}. */
final class GrowthPage {
    static final double SETTLED = 0.95;

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
        return Html.of(output -> JtegrowthGenerated.render(output, null, this));
    }

    GrowthReport report() {
        return report;
    }

    /** The caption of the plot. */
    List<String> caption() {
        return List.of(
                report.model() + ", pictures of " + report.data(),
                "linear CKA between each layer's features and those of the last checkpoint: 1 if the representations"
                        + " agree"
                        + " up to rotation and scale");
    }

    List<LinePlot> plots() {
        return isAnyDead() ? List.of(settling(), distance(), dead()) : List.of(settling(), distance());
    }

    boolean isAnyDead() {
        return most(GrowthPage::deadShare) > 0;
    }

    /** @param checkpoint the first checkpoint from which the layer has converged */
    record Settled(String layer, String checkpoint) {}

    /** Layers that converge before the last checkpoint. */
    List<Settled> early() {
        return chosen(layers().size()).stream()
                .filter(layer -> settling(layer) < snapshots.size() - 1)
                .map(layer -> new Settled(
                        layers().get(layer).layer(),
                        snapshots.get(settling(layer)).name()))
                .toList();
    }

    /** Layers that do not converge before the last checkpoint. */
    List<String> late() {
        return chosen(layers().size()).stream()
                .filter(layer -> settling(layer) == snapshots.size() - 1)
                .map(layer -> layers().get(layer).layer())
                .toList();
    }

    private List<LayerState> layers() {
        return snapshots.get(0).layers();
    }

    /** Index of the checkpoint from which the layer has converged. */
    private int settling(int layer) {
        int index = 0;
        while (!settled(layer, index)) {
            index++;
        }
        return index;
    }

    /** The last checkpoint always qualifies. */
    private boolean settled(int layer, int from) {
        return from == snapshots.size() - 1
                || snapshots.subList(from, snapshots.size()).stream()
                        .allMatch(snapshot -> snapshot.layers().get(layer).likeness() >= SETTLED);
    }

    /** Similarity to the last checkpoint over the training. */
    LinePlot settling() {
        List<LayerState> layers = snapshots.get(0).layers();
        return plot(
                "Similarity to the last checkpoint",
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
                "Distance of the weights from the last checkpoint",
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

    /** Of the layer with the most dead channels. */
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

    /** Evenly spaced layers, few enough to distinguish by color. */
    private static List<Integer> chosen(int layers) {
        int count = Math.min(LinePlot.COLORS, layers);
        return IntStream.range(0, count)
                .mapToObj(index -> count == 1 ? 0 : index * (layers - 1) / (count - 1))
                .toList();
    }

    /** Indices of the channels of a layer. */
    List<Integer> units(String layer) {
        List<UnitState> units = snapshots.get(0).units();
        return IntStream.range(0, units.size())
                .filter(unit -> units.get(unit).layer().equals(layer))
                .boxed()
                .toList();
    }

    static String about(UnitState state) {
        return String.format(Locale.ROOT, "%s, %.3g", state.name(), state.value());
    }

    static String likeness(LayerState state) {
        return String.format(Locale.ROOT, "%.3f", state.likeness());
    }
}
