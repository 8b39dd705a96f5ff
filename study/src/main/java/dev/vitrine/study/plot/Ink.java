package dev.vitrine.study.plot;

import java.awt.Color;

/** A color of plots: its name in a page's style sheet, which has light and dark modes, and its color in a file. */
enum Ink {
    SERIES_0("s0", 0x0072b2),
    SERIES_1("s1", 0xd55e00),
    SERIES_2("s2", 0x009e73),
    SERIES_3("s3", 0xcc79a7),
    SERIES_4("s4", 0xb58900),
    SERIES_5("s5", 0x56b4e9),
    SERIES_6("s6", 0x5b3fa0),
    SERIES_7("s7", 0x7a4a1e),
    CONTROL("control", 0x6a6e75),
    LIMIT("limit", 0xb3261e),
    GRID("grid", 0xdedbd3),
    MARK("mark", 0x1a1c1f);

    /** Number of series with distinct colors. */
    static final int SERIES = 8;

    private final String style;
    private final Color color;

    Ink(String style, int rgb) {
        this.style = style;
        this.color = new Color(rgb);
    }

    static Ink series(int number) {
        return values()[number % SERIES];
    }

    /** Its style sheet class. */
    String style() {
        return style;
    }

    Color color() {
        return color;
    }
}
