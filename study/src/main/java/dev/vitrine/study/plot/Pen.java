package dev.vitrine.study.plot;

/**
 * A stroke style.
 *
 * @param width in page pixels
 * @param dash length of a dash; 0 for a solid line
 * @param gap between two dashes
 */
record Pen(Ink ink, double width, double dash, double gap) {
    static Pen whole(Ink ink, double width) {
        return new Pen(ink, width, 0, 0);
    }

    static Pen broken(Ink ink, double width) {
        return new Pen(ink, width, 6, 3);
    }

    static Pen dotted(Ink ink, double width) {
        return new Pen(ink, width, 2, 3);
    }

    boolean isWhole() {
        return dash == 0;
    }
}
