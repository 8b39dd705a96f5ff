package dev.vitrine.lens.render.color;

import java.util.List;

/**
 * Perceptually uniform colors for the numbers 0..1: equal steps of the number are equal steps of lightness (exactly in
 * CIE L* for our own maps, in CAM02-UCS for the published ones), distinguishable under color blindness.
 */
public final class ColorMap {
    /** The kind of a color map. */
    public enum Shape {
        /** Sequential, from low to high. */
        SEQUENTIAL,
        /** Diverging, from negative through zero at 0.5 to positive. */
        DIVERGING
    }

    private static final int SEQUENTIAL_COLORS = 256;
    private static final int HALF = 255;
    private static final double BLUE = Math.toRadians(255);
    private static final double RED = Math.toRadians(27);

    /** Dark violet over green to yellow. Smith and van der Walt 2015, CC0; every fifth of the published colors. */
    public static final ColorMap VIRIDIS = published(
            "viridis",
            "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a"
                    + "3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d"
                    + "20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac864"
                    + "65cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725");

    /**
     * Dark blue over gray to yellow, made for color-blind eyes. Nuñez, Anderton and Renslow 2018,
     * doi:10.1371/journal.pone.0199239.
     */
    public static final ColorMap CIVIDIS = published(
            "cividis",
            "00224e002656002a5f002d68003070083370163770203a6f273e6e2e416d34456c3a486c3f4c6c"
                    + "444f6c49536c4e566c535a6d575d6d5c616e60646f656870696b716d6f727272747676767a7a78"
                    + "7e7d788381798885788d8878928c789690779b9476a09875a59c74aaa073afa471b5a86fbaac6d"
                    + "bfb06bc4b468c9b965cfbd62d4c15fdac65bdfca57e5cf52ead34cf0d846f6dd3ffce236fee838");

    /** Black over red to pale yellow. Smith and van der Walt 2015, CC0; every fifth of the published colors. */
    public static final ColorMap INFERNO = published(
            "inferno",
            "00000402020c0504170a072210092d160b391e0c45260c512f0a5b380962400a67490b6a510e6c"
                    + "59106e61136e69166e71196e781c6d801f6c88226a902568982766a02a63a82e5fb0315bb73557"
                    + "bf3952c63d4dcc4248d34743d94d3ddf5337e45a31e9612bed6925f1711ff47918f78212f98b0b"
                    + "fa9407fb9d07fca60cfcb014fbba1ffac42af8cd37f6d746f4e156f2ea69f2f27df5f992fcffa4");

    /** Black to white in even steps of L*. */
    public static final ColorMap GRAY = gray();

    /** Blue over white to red: L* = 97 − 59·|t| on both sides, hue fixed in OKLab, for t in −1..1. */
    public static final ColorMap BLUE_WHITE_RED = diverging("blue-white-red", 97, 38, 0.19);

    /** Light blue over near black to light red: L* = 10 + 60·|t| on both sides, for dark pages. */
    public static final ColorMap BLUE_BLACK_RED = diverging("blue-black-red", 10, 70, 0.17);

    /**
     * Clear blue over gray to clear red, all at L* 56: only hue and chroma vary, so the lightness of a picture below is
     * preserved.
     */
    public static final ColorMap BLUE_GRAY_RED = diverging("blue-gray-red", 56, 56, 0.20);

    public static final List<ColorMap> ALL =
            List.of(VIRIDIS, CIVIDIS, INFERNO, GRAY, BLUE_WHITE_RED, BLUE_BLACK_RED, BLUE_GRAY_RED);

    private final String name;
    private final Shape shape;
    private final int[] colors;

    private ColorMap(String name, Shape shape, int[] colors) {
        this.name = name;
        this.shape = shape;
        this.colors = colors;
    }

    public String name() {
        return name;
    }

    public Shape shape() {
        return shape;
    }

    /** The packed color 0xRRGGBB of a position in 0..1; positions outside are clamped. */
    public int rgb(double position) {
        double clamped = Math.min(Math.max(position, 0), 1);
        return colors[(int) Math.round(clamped * (colors.length - 1))];
    }

    private static ColorMap published(String name, String hex) {
        int points = hex.length() / 6;
        int[] colors = new int[SEQUENTIAL_COLORS];
        for (int index = 0; index < colors.length; index++) {
            double place = index * (points - 1.0) / (colors.length - 1);
            int left = Math.min((int) place, points - 2);
            colors[index] = mix(point(hex, left), point(hex, left + 1), place - left);
        }
        return new ColorMap(name, Shape.SEQUENTIAL, colors);
    }

    private static int point(String hex, int index) {
        return Integer.parseInt(hex.substring(6 * index, 6 * index + 6), 16);
    }

    private static ColorMap gray() {
        int[] colors = new int[SEQUENTIAL_COLORS];
        for (int index = 0; index < colors.length; index++) {
            colors[index] = Lightness.color(100.0 * index / (colors.length - 1), 0, 0);
        }
        return new ColorMap("gray", Shape.SEQUENTIAL, colors);
    }

    private static ColorMap diverging(String name, double middle, double end, double chroma) {
        int[] colors = new int[2 * HALF + 1];
        for (int step = 0; step <= HALF; step++) {
            double distance = (double) step / HALF;
            double lightness = middle + (end - middle) * distance;
            double colorfulness = chroma * (1 - StrictMath.pow(1 - distance, 1.5));
            colors[HALF - step] = Lightness.color(lightness, colorfulness, BLUE);
            colors[HALF + step] = Lightness.color(lightness, colorfulness, RED);
        }
        return new ColorMap(name, Shape.DIVERGING, colors);
    }

    /** Linear interpolation by {@code weight} from one packed color to another, per channel. */
    public static int mix(int from, int to, double weight) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int start = from >> shift & 0xff;
            int stop = to >> shift & 0xff;
            mixed |= (int) Math.round(start + (stop - start) * weight) << shift;
        }
        return mixed;
    }

    @Override
    public String toString() {
        return name;
    }
}
