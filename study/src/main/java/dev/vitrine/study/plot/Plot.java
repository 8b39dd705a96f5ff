package dev.vitrine.study.plot;

import java.awt.image.BufferedImage;
import java.util.List;

/** A plot with axes and a legend: as SVG in a page, in the page's colors, or as a picture in its own file. */
public sealed interface Plot permits LinePlot, BarPlot {
    /** Width of a plot. */
    enum Breadth {
        /** One of several side by side. */
        NARROW(420, 250, ""),
        /** Alone on the page. */
        BROAD(880, 330, " broad"),
        /** In its own file. */
        FILE(848, 430, "");

        private final double width;
        private final double height;
        private final String style;

        Breadth(double width, double height, String style) {
            this.width = width;
            this.height = height;
            this.style = style;
        }

        String style() {
            return style;
        }

        double width() {
            return width;
        }

        /** The default height. */
        double height() {
            return height;
        }
    }

    String title();

    /** A legend symbol and its meaning. */
    record Sign(String name, SvgCanvas.Drawing drawing) {
        static final double WIDTH = 24;
        static final double HEIGHT = 8;

        static Sign line(String name, Pen pen) {
            return new Sign(name, canvas -> canvas.line(pen, 0, HEIGHT / 2, WIDTH, HEIGHT / 2));
        }

        /** The content of an SVG element of this size. */
        String svg() {
            return SvgCanvas.drawn(drawing);
        }
    }

    /** Height of the drawing. */
    double height(Breadth breadth);

    void draw(Canvas canvas, Breadth breadth);

    List<Sign> signs();

    /** The content of an SVG element of this size. */
    default String svg(Breadth breadth) {
        return SvgCanvas.drawn(canvas -> draw(canvas, breadth));
    }

    default String viewBox(Breadth breadth) {
        return "0 0 " + SvgCanvas.number(breadth.width()) + " " + SvgCanvas.number(height(breadth));
    }

    /**
     * Drawn with title, legend and caption, for its own file.
     *
     * @param caption lines that describe the data
     */
    default BufferedImage image(List<String> caption) {
        return new PlotSheet(this, caption).image();
    }
}
