package dev.vitrine.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Segmentation;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GrabCutTest {
    private static final int WIDTH = 90;
    private static final int HEIGHT = 70;

    @BeforeAll
    static void natives() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "skipped: OpenCV's library comes for Linux on x86-64 only");
    }

    private static boolean inDisc(int index) {
        int x = index % WIDTH - 50;
        int y = index / WIDTH - 30;
        return x * x + y * y < 18 * 18;
    }

    /** An orange disc on blue noise. */
    private static Picture picture() {
        Random random = new Random(1);
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int index = 0; index < WIDTH * HEIGHT; index++) {
            rgb[3 * index] = (byte) ((inDisc(index) ? 200 : 40) + random.nextInt(40));
            rgb[3 * index + 1] = (byte) ((inDisc(index) ? 120 : 60) + random.nextInt(40));
            rgb[3 * index + 2] = (byte) ((inDisc(index) ? 30 : 150) + random.nextInt(40));
        }
        return Picture.of(WIDTH, HEIGHT, rgb);
    }

    /** A map that knows the middle of the disc and little else. */
    private static Tensor heat() {
        float[] values = new float[WIDTH * HEIGHT];
        for (int index = 0; index < values.length; index++) {
            double x = index % WIDTH - 50;
            double y = index / WIDTH - 30;
            values[index] = (float) Math.exp(-(x * x + y * y) / 500);
        }
        return Tensor.floats(values, HEIGHT, WIDTH);
    }

    @Test
    void findsTheWholeDiscFromItsMiddle() {
        Segmentation found = new GrabCut().segment(picture(), heat());
        int both = 0;
        int either = 0;
        for (int index = 0; index < WIDTH * HEIGHT; index++) {
            both += inDisc(index) && found.foreground()[index] ? 1 : 0;
            either += inDisc(index) || found.foreground()[index] ? 1 : 0;
        }
        assertThat((double) both / either).isGreaterThan(0.95);
        assertThat(found.area()).isBetween(0.14, 0.18);
        assertThat(new GrabCut().segment(picture(), heat())).isEqualTo(found);
    }

    /** A picture that the object fills: surely background is hardly anything, and two colors belong to the object. */
    @Test
    void findsAnObjectOfTwoColorsThatFillsThePicture() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        float[] values = new float[WIDTH * HEIGHT];
        Random random = new Random(2);
        for (int index = 0; index < values.length; index++) {
            int x = index % WIDTH;
            boolean eye = Math.hypot(x - 40, index / WIDTH - 30) < 9;
            boolean border = x >= WIDTH - 10;
            rgb[3 * index] = (byte) ((border ? 30 : eye ? 60 : 180) + random.nextInt(30));
            rgb[3 * index + 1] = (byte) ((border ? 60 : eye ? 170 : 130) + random.nextInt(30));
            rgb[3 * index + 2] = (byte) ((border ? 150 : 60) + random.nextInt(30));
            values[index] = (float) Math.exp(-Math.hypot(x - 40, index / WIDTH - 30) / 20);
        }
        Picture picture = Picture.of(WIDTH, HEIGHT, rgb);
        Tensor heat = Tensor.floats(values, HEIGHT, WIDTH);
        double whole = 1 - 10.0 / WIDTH;
        assertThat(new GrabCut().segment(picture, heat).largestPart().area()).isBetween(0.7 * whole, whole + 0.02);
        assertThat(new GrabCut(0.95, 0.95, 0.3, 5)
                        .segment(picture, heat)
                        .largestPart()
                        .area())
                .isLessThan(0.4);
    }

    /** Each of two maps knows another end of a bar; the third is nearly even. */
    @Test
    void aVoteFindsMoreThanEachMapAlone() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        boolean[] bar = new boolean[WIDTH * HEIGHT];
        float[] left = new float[bar.length];
        float[] right = new float[bar.length];
        Random random = new Random(3);
        for (int index = 0; index < bar.length; index++) {
            int x = index % WIDTH;
            int y = index / WIDTH;
            bar[index] = x >= 15 && x < 75 && y >= 25 && y < 45;
            rgb[3 * index] = (byte) ((bar[index] ? 200 : 40) + random.nextInt(40));
            rgb[3 * index + 1] = (byte) ((bar[index] ? 120 : 60) + random.nextInt(40));
            rgb[3 * index + 2] = (byte) ((bar[index] ? 30 : 150) + random.nextInt(40));
            left[index] = (float) Math.exp(-Math.hypot(x - 25, y - 35) / 10);
            right[index] = (float) Math.exp(-Math.hypot(x - 65, y - 35) / 10);
        }
        Picture picture = Picture.of(WIDTH, HEIGHT, rgb);
        List<Tensor> heats = List.of(
                Tensor.floats(left, HEIGHT, WIDTH),
                Tensor.floats(right, HEIGHT, WIDTH),
                Tensor.floats(new float[bar.length], HEIGHT, WIDTH));
        Segmentation found = ObjectVote.of(picture, heats);
        int wrong = 0;
        for (int index = 0; index < bar.length; index++) {
            wrong += bar[index] == found.foreground()[index] ? 0 : 1;
        }
        assertThat(wrong).isLessThan(60);
        assertThatThrownBy(() -> ObjectVote.of(picture, List.of(heats.get(2))))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("No map tells the object");
    }

    @Test
    void holesAreFilledAndTheBackgroundStays() {
        boolean[] ring = new boolean[7 * 7];
        for (int index = 0; index < ring.length; index++) {
            int far = Math.max(Math.abs(index % 7 - 3), Math.abs(index / 7 - 3));
            ring[index] = far == 2;
        }
        Segmentation filled = new Segmentation(7, 7, ring).withoutHoles();
        assertThat(filled.area()).isEqualTo(25.0 / 49);
        assertThat(filled.foreground()[0]).isFalse();
        assertThat(filled.foreground()[24]).isTrue();
    }

    @Test
    void drawsCutOutMaskAndOutline() {
        Picture picture = picture();
        Segmentation found = new GrabCut().segment(picture, heat());
        assertThat(found.cutOut(picture).getRGB(50, 30)).isEqualTo(0xff000000 | picture.color(50, 30));
        assertThat(found.cutOut(picture).getRGB(5, 5)).isZero();
        assertThat(found.mask().getRGB(50, 30)).isEqualTo(0xffffffff);
        assertThat(found.mask().getRGB(5, 5)).isEqualTo(0xff000000);
        assertThat(found.outline(picture).getRGB(50, 30)).isEqualTo(0xff000000 | picture.color(50, 30));
        assertThat(found.outline(picture).getRGB(50, 13)).isEqualTo(0xffff3b30);
    }

    @Test
    void theLargestPartHangsTogetherBySides() {
        boolean x = true;
        boolean o = false;
        Segmentation parts = new Segmentation(4, 3, new boolean[] {x, x, o, o, x, o, x, o, o, o, x, o});
        assertThat(parts.largestPart())
                .isEqualTo(new Segmentation(4, 3, new boolean[] {x, x, o, o, x, o, o, o, o, o, o, o}));
        assertThat(new Segmentation(1, 1, new boolean[] {o}).largestPart().area())
                .isZero();
    }

    @Test
    void aFlatMapTellsNothing() {
        Tensor flat = Tensor.floats(new float[WIDTH * HEIGHT], HEIGHT, WIDTH);
        assertThatThrownBy(() -> new GrabCut().segment(picture(), flat))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("same score");
        assertThatThrownBy(() -> new GrabCut(0.3, 0.5, 0.95, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
