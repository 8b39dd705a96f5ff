package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Pixel;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far each single pixel can move the answer: the largest rise of the log-odds against the predicted class when the pixel
 * takes the colors whose channels are 0 or 1. Every color of every pixel is evaluated, incrementally.
 *
 * @param label the predicted class
 * @param rise of each pixel, {@code [H · W]}
 * @param reached the class that the pixel's best such color leads to, {@code [H · W]}; the predicted one where it leads to
 *     no other
 */
public record PixelMap(int height, int width, int label, float[] rise, int[] reached) {
    /** Channels of pictures for which all combinations of 0 and 1 are tried; with more, all 0 and all 1. */
    private static final int MOST_CHANNELS = 4;

    /** The map of a picture {@code [C,H,W]}, a row of pixels at a time. */
    public static PixelMap of(Victim victim, float[] picture, Progress progress) {
        float[] logits = victim.logits(List.of(picture))[0];
        int label = Subjects.best(logits);
        double odds = Scores.logOdds(logits, label);
        List<float[]> colors = colors(victim.channels());
        int height = victim.height();
        int width = victim.width();
        PixelMap map = new PixelMap(height, width, label, new float[height * width], new int[height * width]);
        Arrays.fill(map.rise, Float.NEGATIVE_INFINITY);
        for (int row = 0; row < height; row++) {
            List<Pixel> pixels = new ArrayList<>();
            for (int column = 0; column < width; column++) {
                for (float[] color : colors) {
                    pixels.add(new Pixel(row, column, color));
                }
            }
            float[][] found = victim.logits(picture, pixels);
            for (int index = 0; index < found.length; index++) {
                map.take(row * width + index / colors.size(), found[index], odds);
            }
            progress.report(row + 1, height);
        }
        return map;
    }

    private void take(int place, float[] logits, double odds) {
        float moved = (float) (Scores.logOdds(logits, label) - odds);
        if (moved > rise[place]) {
            rise[place] = moved;
            reached[place] = Subjects.best(logits);
        }
    }

    /** The corners of the cube of colors. */
    private static List<float[]> colors(int channels) {
        List<float[]> colors = new ArrayList<>();
        if (channels > MOST_CHANNELS) {
            float[] white = new float[channels];
            Arrays.fill(white, 1);
            return List.of(new float[channels], white);
        }
        for (int corner = 0; corner < 1 << channels; corner++) {
            float[] color = new float[channels];
            for (int channel = 0; channel < channels; channel++) {
                color[channel] = corner >> channel & 1;
            }
            colors.add(color);
        }
        return colors;
    }

    /** Number of pixels that change the predicted class by themselves. */
    public int turning() {
        return (int) Arrays.stream(reached).filter(index -> index != label).count();
    }

    /** The pixel of the largest rise, row by row. */
    public int strongest() {
        int best = 0;
        for (int place = 1; place < rise.length; place++) {
            best = rise[place] > rise[best] ? place : best;
        }
        return best;
    }
}
