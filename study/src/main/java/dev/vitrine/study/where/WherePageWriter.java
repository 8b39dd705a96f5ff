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
import dev.vitrine.study.report.ReportPage;
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
final class WherePageWriter {
    private static final int MAP = 120;
    private static final int EXAMPLE = 144;

    /** Classes whose mean maps are drawn; the file for programs has all. */
    private static final int GLANCED = 120;

    private final WhereReport report;
    private final ReportPage page;

    WherePageWriter(WhereReport report) {
        this.report = report;
        this.page = new ReportPage("Where " + report.model() + " looks", report.missing());
    }

    String html() {
        findings();
        report.groups().stream().filter(group -> group.clusters().size() > 1).forEach(this::group);
        glance();
        report.groups().stream()
                .filter(group -> group.clusters().size() == 1
                        && !group.clusters().get(0).examples().isEmpty())
                .forEach(this::group);
        return page.html(report.facts());
    }

    private void findings() {
        List<Group> split = report.groups().stream()
                .filter(group -> group.clusters().size() > 1)
                .toList();
        add("<section>\n<h2>What stands out</h2>\n<ul class=\"verdicts\">\n");
        if (split.isEmpty()) {
            add("<li>No class falls into clusters of pictures that are looked at differently.</li>\n");
        }
        for (Group group : split) {
            long elsewhere =
                    group.clusters().stream().filter(Cluster::looksElsewhere).count();
            add("<li>");
            add(elsewhere > 0 ? "<span class=\"badge fails\">outside the boxes</span> " : "");
            add("<b>", Html.text(group.title()), "</b>: ", group.clusters().size(), " ways of looking: ");
            for (int index = 0; index < group.clusters().size(); index++) {
                Cluster cluster = group.clusters().get(index);
                add(index > 0 ? "; " : "", cluster.members().size(), " pictures ", at(cluster.mean()));
                cluster.inside()
                        .ifPresent(share -> add(", ", percent(share.evidence()), " of the evidence inside the boxes"));
            }
            add(".</li>\n");
        }
        for (Group group : report.groups()) {
            if (group.clusters().size() == 1 && group.clusters().get(0).looksElsewhere()) {
                add("<li><span class=\"badge fails\">outside the boxes</span> <b>", Html.text(group.title()));
                add("</b>: all ", group.pictures(), " pictures, ", share(group.inside()), ".</li>\n");
            }
        }
        report.groups().stream()
                .filter(group -> group.pictures() >= MapClusters.LEAST
                        && group.mean().border() >= group.mean().evenBorder())
                .forEach(group -> add(
                        "<li><b>",
                        Html.text(group.title()),
                        "</b>: ",
                        border(group.mean()),
                        ", as much as if the place did not matter: look for a frame, a logo or a background.</li>\n"));
        add("</ul>\n<p class=\"small\">Evidence is the positive part of the map of ", Html.text(report.method()));
        add(
                ", each picture counting alike. A cluster whose evidence lies beside the object, at a logo, a border or a ");
        add(
                "background, is a reason to look at its pictures: the class may be told by something that only comes with it. ");
        add(
                "Evidence counts as outside where the boxes hold less of it than their share of the area.</p>\n</section>\n");
    }

    private static String at(EvidenceMap map) {
        String place = map.place();
        if (place.equals(EvidenceMap.EVERYWHERE)) {
            return place;
        }
        return (place.equals(EvidenceMap.CENTRE) ? "in the " : "at the ") + place;
    }

    private void group(Group group) {
        add("<section>\n<h2>", Html.text(group.title()), "</h2>\n<p class=\"lead\">", group.pictures());
        add(group.pictures() == 1 ? " picture" : " pictures", group.inside().isPresent() ? ", " : "");
        add(share(group.inside()), ".</p>\n<div class=\"scroll\"><table class=\"maps looks\">\n<tbody>\n");
        for (int index = 0; index < group.clusters().size(); index++) {
            Cluster cluster = group.clusters().get(index);
            add("<tr><th scope=\"row\">");
            add(group.clusters().size() > 1 ? "Cluster " + (index + 1) : "All", "<br><span class=\"small\">");
            add(cluster.members().size(), cluster.members().size() == 1 ? " picture" : " pictures");
            boolean spread = cluster.mean().place().equals(EvidenceMap.EVERYWHERE);
            add(spread ? "" : ", mostly " + at(cluster.mean()), "<br>", border(cluster.mean()));
            add("<br>", share(cluster.inside()), "</span>");
            add(cluster.looksElsewhere() ? "<span class=\"badge fails\">outside the boxes</span>" : "");
            add("</th><td><img alt=\"mean map\" src=\"", Html.data(map(cluster.mean())), "\">");
            add("<span class=\"small\">mean</span></td>");
            for (Example example : cluster.examples()) {
                add(
                        "<td><img alt=\"",
                        Html.text(example.name()),
                        "\" title=\"",
                        Html.text(example.name()),
                        "\" src=\"");
                add(Html.data(overlay(example)), "\"></td>");
            }
            add("</tr>\n");
        }
        add("</tbody>\n</table></div>\n</section>\n");
    }

    private void glance() {
        List<Group> classes = report.groups().stream().skip(1).limit(GLANCED).toList();
        if (classes.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Mean map of each class</h2>\n<div class=\"glance\">\n");
        for (Group group : classes) {
            add("<figure><img alt=\"mean map of ", Html.text(group.title()), "\" src=\"", Html.data(map(group.mean())));
            add("\"><figcaption><b>", Html.text(group.title()), "</b><span class=\"small\">", group.pictures());
            add(group.pictures() == 1 ? " picture" : " pictures");
            add(", ", percent(group.mean().border()), " at the border");
            group.inside().ifPresent(share -> add(", ", percent(share.evidence()), " inside"));
            add("</span></figcaption></figure>\n");
        }
        int more = report.groups().size() - 1 - classes.size();
        add("</div>\n", more > 0 ? "<p class=\"small\">" + more + " more classes are in where.json.</p>\n" : "");
        add("</section>\n");
    }

    private static String border(EvidenceMap map) {
        return percent(map.border()) + " of the evidence in the outer eighths, which cover "
                + percent(map.evenBorder());
    }

    private static String share(Optional<EvidenceShare> inside) {
        return inside.map(share -> percent(share.evidence()) + " of the evidence inside the boxes, which cover "
                        + percent(share.area()))
                .orElse("");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private BufferedImage map(EvidenceMap map) {
        Heatmap heatmap = heatmap(map, "many pictures");
        return HeatmapPainter.MAP.map(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), MAP, MAP);
    }

    private Heatmap heatmap(EvidenceMap map, String image) {
        Tensor heat = map.heat();
        return new Heatmap(heat, new Provenance(report.model(), image, "evidence", report.method(), Map.of()));
    }

    private BufferedImage overlay(Example example) {
        Heatmap heatmap = heatmap(example.map(), example.name());
        BufferedImage laid =
                HeatmapPainter.OVERLAY.overlay(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), example.view());
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

    private void add(Object... parts) {
        page.add(parts);
    }
}
