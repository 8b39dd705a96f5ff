package dev.vitrine.study.where;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.where.WhereReport.Cluster;
import dev.vitrine.study.where.WhereReport.Example;
import dev.vitrine.study.where.WhereReport.Group;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The HTML of a {@link WhereReport}. */
final class WherePage {
    private static final int MAP = 120;
    private static final int EXAMPLE = 144;

    /** Number of classes whose mean maps are drawn; the JSON file has all. */
    private static final int GLANCED = 120;

    private final WhereReport report;

    WherePage(WhereReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JtewhereGenerated.render(output, null, this));
    }

    WhereReport report() {
        return report;
    }

    /** Classes that split into several clusters. */
    List<Group> split() {
        return report.groups().stream()
                .filter(group -> group.clusters().size() > 1)
                .toList();
    }

    /** Classes with a single cluster, if drawn. */
    List<Group> whole() {
        return report.groups().stream()
                .filter(group -> group.clusters().size() == 1
                        && !group.clusters().get(0).examples().isEmpty())
                .toList();
    }

    /** Classes with a single cluster whose evidence lies outside the boxes. */
    List<Group> elsewhere() {
        return report.groups().stream()
                .filter(group ->
                        group.clusters().size() == 1 && group.clusters().get(0).looksElsewhere())
                .toList();
    }

    /** Classes with as much evidence at the border as a uniform map. */
    List<Group> bordering() {
        return report.groups().stream()
                .filter(group -> group.pictures() >= MapClusters.LEAST
                        && group.mean().border() >= group.mean().evenBorder())
                .toList();
    }

    /** Classes whose mean maps are drawn. */
    List<Group> glanced() {
        return report.groups().stream().skip(1).limit(GLANCED).toList();
    }

    /** Number of classes omitted from {@link #glanced}. */
    int unglanced() {
        return report.groups().size() - 1 - glanced().size();
    }

    /** Where most of a cluster's evidence lies, if concentrated in one location. */
    String mostly(Cluster cluster) {
        return cluster.mean().place().equals(EvidenceMap.EVERYWHERE) ? "" : ", mostly " + at(cluster.mean());
    }

    static String at(EvidenceMap map) {
        String place = map.place();
        if (place.equals(EvidenceMap.EVERYWHERE)) {
            return place;
        }
        return (place.equals(EvidenceMap.CENTER) ? "in the " : "at the ") + place;
    }

    static String border(EvidenceMap map) {
        return percent(map.border()) + " of the evidence in the outer eighths, which cover "
                + percent(map.evenBorder());
    }

    static String share(Optional<EvidenceShare> inside) {
        return inside.map(share -> percent(share.evidence()) + " of the evidence inside the boxes, which cover "
                        + percent(share.area()))
                .orElse("");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    BufferedImage map(EvidenceMap map) {
        Heatmap heatmap = heatmap(map, "many pictures");
        return HeatmapPainter.MAP.map(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), MAP, MAP);
    }

    private Heatmap heatmap(EvidenceMap map, String image) {
        Tensor heat = map.heat();
        return new Heatmap(heat, new Provenance(report.model(), image, "evidence", report.method(), Map.of()));
    }

    BufferedImage overlay(Example example) {
        Heatmap heatmap = heatmap(example.map(), example.name());
        BufferedImage laid =
                HeatmapPainter.OVERLAY.overlay(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), report.view(example));
        double factor = (double) EXAMPLE / Math.max(laid.getWidth(), laid.getHeight());
        int width = (int) Math.round(laid.getWidth() * factor);
        int height = (int) Math.round(laid.getHeight() * factor);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION,
                    factor > 1
                            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                            : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(laid, 0, 0, width, height, null);
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            for (Box box : example.boxes()) {
                Rectangle2D outline = new Rectangle2D.Double(
                        box.left() * factor + 0.5,
                        box.top() * factor + 0.5,
                        (box.right() - box.left()) * factor - 1,
                        (box.bottom() - box.top()) * factor - 1);
                graphics.setStroke(new BasicStroke(3));
                graphics.setColor(new Color(0, 0, 0, 120));
                graphics.draw(outline);
                graphics.setStroke(new BasicStroke(1.4f));
                graphics.setColor(Color.WHITE);
                graphics.draw(outline);
            }
        } finally {
            graphics.dispose();
        }
        return small;
    }
}
