package dev.vitrine.study.plot;

import java.awt.image.BufferedImage;
import java.util.List;

/** Numbers drawn on axes with a key: as SVG in a page, in the page's own colors, or as a picture for a file of its own. */
public sealed interface Plot permits LinePlot, BarPlot {
    /** How wide a plot stands on its page. */
    enum Breadth {
        /** Several side by side. */
        NARROW(420, 250, ""),
        /** Alone. */
        BROAD(880, 330, " broad"),
        /** In a file of its own. */
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

        /** Where nothing asks for more. */
        double height() {
            return height;
        }
    }

    String title();

    /** A sign of the key and what it stands for. */
    record Sign(String name, SvgCanvas.Drawing drawing) {
        static final double WIDTH = 24;
        static final double HEIGHT = 8;

        static Sign line(String name, Pen pen) {
            return new Sign(name, canvas -> canvas.line(pen, 0, HEIGHT / 2, WIDTH, HEIGHT / 2));
        }

        /** The inside of an SVG element of its size. */
        String svg() {
            return SvgCanvas.drawn(drawing);
        }
    }

    /** How high it is drawn. */
    double height(Breadth breadth);

    void draw(Canvas canvas, Breadth breadth);

    List<Sign> signs();

    /** The inside of an SVG element of its size. */
    default String svg(Breadth breadth) {
        return SvgCanvas.drawn(canvas -> draw(canvas, breadth));
    }

    default String viewBox(Breadth breadth) {
        return "0 0 " + SvgCanvas.number(breadth.width()) + " " + SvgCanvas.number(height(breadth));
    }

    /**
     * Drawn with its title, its key and a caption, for a file of its own.
     *
     * @param caption what the plot is of, a line each
     */
    default BufferedImage image(List<String> caption) {
        return new PlotSheet(this, caption).image();
    }
}
