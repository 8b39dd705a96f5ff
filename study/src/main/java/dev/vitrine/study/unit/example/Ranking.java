package dev.vitrine.study.unit.example;

import dev.vitrine.lens.data.PictureList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * For each channel of a layer, the first k pictures in an order; ties go to the earlier picture.
 *
 * @param most k
 * @param counts of each channel
 * @param values k per channel
 * @param places row-major indices, or {@link Example#UNSETTLED}
 */
record Ranking(End end, int most, int[] counts, float[] values, int[] pictures, int[] places) {
    /** Sort order of the pictures. */
    enum End {
        STRONGEST,
        WEAKEST;

        private boolean isBefore(float value, float other) {
            return this == STRONGEST ? value > other : value < other;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Determines the position of a value that was accepted. */
    @FunctionalInterface
    interface Place {
        int find();
    }

    static Ranking empty(End end, int channels, int most) {
        return new Ranking(
                end,
                most,
                new int[channels],
                new float[channels * most],
                new int[channels * most],
                new int[channels * most]);
    }

    int channels() {
        return counts.length;
    }

    /** Pictures must come in ascending order. */
    void offer(int channel, float value, int picture, Place place) {
        int first = channel * most;
        int count = counts[channel];
        if (most == 0 || count == most && !end.isBefore(value, values[first + count - 1])) {
            return;
        }
        int at = first + Math.min(count, most - 1);
        while (at > first && end.isBefore(value, values[at - 1])) {
            values[at] = values[at - 1];
            pictures[at] = pictures[at - 1];
            places[at] = places[at - 1];
            at--;
        }
        values[at] = value;
        pictures[at] = picture;
        places[at] = place.find();
        counts[channel] = Math.min(count + 1, most);
    }

    /** The ranking of these pictures and of others that come after them. */
    Ranking and(Ranking later) {
        Ranking both = new Ranking(end, most, counts.clone(), values.clone(), pictures.clone(), places.clone());
        for (int channel = 0; channel < counts.length; channel++) {
            for (int at = channel * most; at < channel * most + later.counts[channel]; at++) {
                int place = later.places[at];
                both.offer(channel, later.values[at], later.pictures[at], () -> place);
            }
        }
        return both;
    }

    /** @param width of the layer's map */
    List<List<Example>> examples(PictureList list, int width) {
        List<List<Example>> all = new ArrayList<>();
        for (int channel = 0; channel < counts.length; channel++) {
            List<Example> examples = new ArrayList<>();
            for (int at = channel * most; at < channel * most + counts[channel]; at++) {
                Example example = new Example(
                        pictures[at], list.name(pictures[at]), values[at], Example.UNSETTLED, Example.UNSETTLED);
                examples.add(places[at] == Example.UNSETTLED ? example : example.at(places[at], width));
            }
            all.add(examples);
        }
        return all;
    }
}
