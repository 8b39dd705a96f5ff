package dev.vitrine.study.plot;

import dev.vitrine.study.page.Html;
import java.util.Locale;

/** Draws a {@link LinePlot} as SVG in the page's own colours. */
final class PlotSvg {
    private static final int LEFT = 38;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;

    private final LinePlot plot;
    private final LinePlot.Breadth breadth;
    private final int width;
    private final int height;

    PlotSvg(LinePlot plot, LinePlot.Breadth breadth) {
        this.plot = plot;
        this.breadth = breadth;
        this.width = breadth.width();
        this.height = breadth.height();
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<figure class=\"plot")
                .append(breadth == LinePlot.Breadth.BROAD ? " broad" : "")
                .append("\"><figcaption>")
                .append(Html.text(plot.title()))
                .append("</figcaption>\n");
        svg.append("<svg viewBox=\"0 0 ").append(width).append(' ').append(height);
        svg.append("\" role=\"img\" aria-label=\"")
                .append(Html.text(plot.title()))
                .append("\">\n");
        double step = plot.step();
        for (double level = Math.ceil(plot.low() / step - 1e-9) * step; level <= plot.high() + 1e-9; level += step) {
            String y = number(y(level));
            svg.append("<line class=\"grid\" x1=\"")
                    .append(LEFT)
                    .append("\" x2=\"")
                    .append(width - RIGHT);
            svg.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>");
            svg.append("<text class=\"tick\" text-anchor=\"end\" x=\"")
                    .append(LEFT - 6)
                    .append("\" y=\"");
            svg.append(number(y(level) + 4))
                    .append("\">")
                    .append(LinePlot.level(level, step))
                    .append("</text>\n");
        }
        for (LinePlot.Place place : plot.places()) {
            if (!place.word().isEmpty()) {
                // A long word under the last place would be cut off.
                String anchor =
                        x(place.at()) > width - 2 * RIGHT && place.word().length() > 3 ? "end" : "middle";
                svg.append("<text class=\"tick\" text-anchor=\"").append(anchor).append("\" x=\"");
                svg.append(number(x(place.at()) + (anchor.equals("end") ? RIGHT : 0)));
                svg.append("\" y=\"").append(height - BOTTOM + 16).append("\">");
                svg.append(Html.text(place.word())).append("</text>\n");
            }
        }
        svg.append("<text class=\"axis\" text-anchor=\"middle\" x=\"").append((LEFT + width - RIGHT) / 2);
        svg.append("\" y=\"")
                .append(height - 6)
                .append("\">")
                .append(Html.text(plot.acrossLabel()))
                .append("</text>\n");
        if (plot.limit().isPresent()) {
            String y = number(y(plot.limit().getAsDouble()));
            svg.append("<line class=\"limit\" x1=\"")
                    .append(LEFT)
                    .append("\" x2=\"")
                    .append(width - RIGHT);
            svg.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>\n");
        }
        plot.lines().forEach(line -> line(svg, line));
        return svg.append("</svg></figure>\n").toString();
    }

    private void line(StringBuilder svg, LinePlot.Line line) {
        if (line.values().isEmpty()) {
            return;
        }
        svg.append("<g class=\"line ").append(LinePlot.style(line.style())).append("\"><title>");
        svg.append(Html.text(line.name())).append("</title><polyline points=\"");
        for (int index = 0; index < line.values().size(); index++) {
            svg.append(index > 0 ? " " : "")
                    .append(number(x(plot.places().get(index).at())));
            svg.append(',').append(number(y(line.values().get(index))));
        }
        svg.append("\"/>");
        for (int index = 0; index < line.spans().size(); index++) {
            String x = number(x(plot.places().get(index).at()));
            svg.append("<line class=\"span\" x1=\"")
                    .append(x)
                    .append("\" x2=\"")
                    .append(x);
            svg.append("\" y1=\"").append(number(y(line.spans().get(index).low())));
            svg.append("\" y2=\"")
                    .append(number(y(line.spans().get(index).high())))
                    .append("\"/>");
        }
        if (line.values().size() <= width / 18) {
            for (int index = 0; index < line.values().size(); index++) {
                svg.append("<circle r=\"2.4\" cx=\"")
                        .append(number(x(plot.places().get(index).at())));
                svg.append("\" cy=\"")
                        .append(number(y(line.values().get(index))))
                        .append("\"/>");
            }
        }
        svg.append("</g>\n");
    }

    private double x(double at) {
        double first = plot.places().get(0).at();
        double last = plot.places().get(plot.places().size() - 1).at();
        return LEFT + (width - LEFT - RIGHT) * (last > first ? (at - first) / (last - first) : 0.5);
    }

    private double y(double value) {
        double clamped = Math.min(plot.high(), Math.max(plot.low(), value));
        return TOP + (height - TOP - BOTTOM) * (plot.high() - clamped) / (plot.high() - plot.low());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
