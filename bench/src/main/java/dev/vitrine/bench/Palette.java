package dev.vitrine.bench;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** At most 256 colors for a picture, by median cut. Heckbert 1982, doi:10.1145/965145.801294. */
final class Palette {
    private static final int[] SHIFTS = {16, 8, 0};

    private Palette() {}

    /** The picture in so many of its own colors. */
    static BufferedImage reduced(BufferedImage picture, int colors) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel, 1, Integer::sum);
        }
        int[] distinct =
                counts.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        List<int[]> boxes = boxes(distinct, colors);
        Map<Integer, Byte> places = new HashMap<>();
        byte[][] channels = new byte[3][boxes.size()];
        for (int box = 0; box < boxes.size(); box++) {
            for (int channel = 0; channel < 3; channel++) {
                channels[channel][box] = (byte) mean(boxes.get(box), counts, SHIFTS[channel]);
            }
            for (int color : boxes.get(box)) {
                places.put(color, (byte) box);
            }
        }
        IndexColorModel model = new IndexColorModel(8, boxes.size(), channels[0], channels[1], channels[2]);
        BufferedImage reduced = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int i = 0; i < pixels.length; i++) {
            reduced.getRaster().setSample(i % width, i / width, 0, places.get(pixels[i]));
        }
        return reduced;
    }

    /** Of all pixels of a box, so that a common color keeps its look. */
    private static long mean(int[] box, Map<Integer, Integer> counts, int shift) {
        long sum = 0;
        long pixels = 0;
        for (int color : box) {
            int count = counts.get(color);
            sum += (long) count * (color >> shift & 0xff);
            pixels += count;
        }
        return Math.round((double) sum / pixels);
    }

    private static List<int[]> boxes(int[] colors, int count) {
        List<int[]> boxes = new ArrayList<>(List.of(colors));
        while (boxes.size() < count) {
            int[] widest = boxes.stream()
                    .max(Comparator.comparingLong(Palette::weight))
                    .orElseThrow();
            if (widest.length < 2) {
                break;
            }
            boxes.remove(widest);
            int shift = longestSide(widest);
            int[] ordered = Arrays.stream(widest)
                    .boxed()
                    .sorted(Comparator.comparingInt(color -> color >> shift & 0xff))
                    .mapToInt(Integer::intValue)
                    .toArray();
            boxes.add(Arrays.copyOfRange(ordered, 0, ordered.length / 2));
            boxes.add(Arrays.copyOfRange(ordered, ordered.length / 2, ordered.length));
        }
        return boxes;
    }

    /** The side of a box times the number of its colors. */
    private static long weight(int[] box) {
        return box.length < 2 ? 0 : (long) spread(box, longestSide(box)) * box.length;
    }

    private static int longestSide(int[] box) {
        int longest = SHIFTS[0];
        for (int shift : SHIFTS) {
            if (spread(box, shift) > spread(box, longest)) {
                longest = shift;
            }
        }
        return longest;
    }

    private static int spread(int[] box, int shift) {
        int low = 255;
        int high = 0;
        for (int color : box) {
            low = Math.min(low, color >> shift & 0xff);
            high = Math.max(high, color >> shift & 0xff);
        }
        return high - low;
    }
}
