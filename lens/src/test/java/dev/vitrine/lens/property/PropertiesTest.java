package dev.vitrine.lens.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of drawings whose values are known. */
class PropertiesTest {
    private static final int SIDE = 60;

    /** White strokes on black. */
    private static Shades drawn(Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(4, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        drawing.accept(graphics);
        graphics.dispose();
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (image.getRGB(i / 3 % SIDE, i / 3 / SIDE) >> 16 - 8 * (i % 3));
        }
        return Shades.of(Picture.of(SIDE, SIDE, rgb));
    }

    private static double of(String id, Shades shades) {
        return Properties.find(id).of(shades);
    }

    @Test
    void anUprightBar() {
        Shades bar = drawn(graphics -> graphics.fillRect(28, 10, 4, 40));
        assertThat(of("thickness", bar)).isCloseTo(4, within(0.5));
        assertThat(of("slant", bar)).isCloseTo(0, within(1e-9));
        assertThat(of("width", bar)).isCloseTo(0.1, within(1e-9));
        assertThat(of("holes", bar)).isZero();
        assertThat(of("vertical-edges", bar)).isGreaterThan(0.8);
    }

    @Test
    void aBarThatLeansToTheRight() {
        Shades bar = drawn(graphics -> graphics.drawLine(20, 50, 40, 10));
        assertThat(of("slant", bar)).isCloseTo(Math.toDegrees(Math.atan(0.5)), within(2.0));
        assertThat(of("rising-edges", bar)).isPositive();
        assertThat(of("slant", drawn(graphics -> graphics.drawLine(40, 50, 20, 10))))
                .isNegative();
    }

    @Test
    void ringsHaveHolesAndCurvedTops() {
        Shades ring = drawn(graphics -> graphics.drawOval(15, 10, 30, 40));
        assertThat(of("holes", ring)).isEqualTo(1);
        assertThat(of("curved-top", ring)).isGreaterThan(0.1);
        Shades two = drawn(graphics -> {
            graphics.drawOval(20, 8, 18, 18);
            graphics.drawOval(20, 30, 18, 18);
        });
        assertThat(of("holes", two)).isEqualTo(2);
        Shades flat = drawn(graphics -> graphics.fillRect(15, 10, 30, 5));
        assertThat(of("curved-top", flat)).isZero();
    }

    @Test
    void colorsAndTones() {
        byte[] rgb = new byte[3 * 16];
        for (int place = 0; place < 16; place++) {
            rgb[3 * place] = (byte) 255;
        }
        Shades red = Shades.of(Picture.of(4, 4, rgb));
        assertThat(of("brightness", red)).isCloseTo(0.299, within(1e-9));
        assertThat(of("contrast", red)).isCloseTo(0, within(1e-9));
        assertThat(of("warmth", red)).isCloseTo(1, within(1e-9));
        // rg = 1, yb = 0.5, neither varies.
        assertThat(of("colorfulness", red)).isCloseTo(0.3 * Math.hypot(1, 0.5), within(1e-9));
        assertThat(of("edges", red)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"thickness", "slant", "curved-top", "holes", "width"})
    void photosHaveNoStrokes(String id) {
        byte[] rgb = new byte[3 * 64];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (37 * i);
        }
        assertThat(of(id, Shades.of(Picture.of(8, 8, rgb)))).isNaN();
    }

    @Test
    void unknownNames() {
        assertThatThrownBy(() -> Properties.find("hue"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("brightness");
    }
}
