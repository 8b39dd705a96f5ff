package dev.vitrine.lens.render.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TypefaceTest {
    @Test
    void advancesAreThoseOfDejaVuSans() {
        // The advance of H is 1540 and of i 569 of 2048 units.
        assertThat(Typeface.DEJAVU_SANS.width("Hi", 2048)).isEqualTo(1540 + 569);
        assertThat(Typeface.DEJAVU_SANS
                        .outline("H", 2048, 0, 2048)
                        .getBounds2D()
                        .getHeight())
                .isEqualTo(1493);
        // A composite glyph is higher than its base; a space has no outline.
        assertThat(Typeface.DEJAVU_SANS
                        .outline("É", 2048, 0, 2048)
                        .getBounds2D()
                        .getHeight())
                .isGreaterThan(Typeface.DEJAVU_SANS
                        .outline("E", 2048, 0, 2048)
                        .getBounds2D()
                        .getHeight());
        assertThat(Typeface.DEJAVU_SANS
                        .outline(" ", 2048, 0, 2048)
                        .getBounds2D()
                        .isEmpty())
                .isTrue();
    }
}
