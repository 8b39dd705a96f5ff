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

    /** What the plot is of. */
    List<String> caption() {
        return List.of(
                report.model() + ", pictures of " + report.data(),
                "linear CKA of each layer's features with those of the last checkpoint: 1 where the layer already tells the"
                        + " pictures apart as it will in the end");
    }

    List<LinePlot> plots() {
        return isAnyDead() ? List.of(settling(), distance(), dead()) : List.of(settling(), distance());
    }

    boolean isAnyDead() {
        return most(GrowthPage::deadShare) > 0;
    }

    /** @param checkpoint from which on a layer stays as it will be */
    record Settled(String layer, String checkpoint) {}

    /** Layers that settle before the last checkpoint. */
    List<Settled> early() {
        return chosen(layers().size()).stream()
                .filter(layer -> settling(layer) < snapshots.size() - 1)
                .map(layer -> new Settled(
                        layers().get(layer).layer(),
                        snapshots.get(settling(layer)).name()))
                .toList();
    }

    /** Layers that do not settle before the last checkpoint. */
    List<String> late() {
        return chosen(layers().size()).stream()
                .filter(layer -> settling(layer) == snapshots.size() - 1)
                .map(layer -> layers().get(layer).layer())
                .toList();
    }

    private List<LayerState> layers() {
        return snapshots.get(0).layers();
    }

    /** The checkpoint from which on a layer stays as it will be. */
    private int settling(int layer) {
        int index = 0;
        while (!settled(layer, index)) {
            index++;
        }
        return index;
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

    /** So many that colors tell them apart, evenly taken. */
    private static List<Integer> chosen(int layers) {
        int count = Math.min(LinePlot.COLORS, layers);
        return IntStream.range(0, count)
                .mapToObj(index -> count == 1 ? 0 : index * (layers - 1) / (count - 1))
                .toList();
    }

    /** Places of the channels of a layer. */
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
