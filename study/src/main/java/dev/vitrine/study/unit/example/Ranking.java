package dev.vitrine.study.unit.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** For each channel of a layer the first k pictures of an order; of equal values the picture that comes earlier. */
final class Ranking {
    /** Which pictures come first. */
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

    /** The place is told by its row and column maxima alone only where these agree on one. */
    static final int UNSETTLED = -1;

    /** Finds the place of a value that came in. */
    @FunctionalInterface
    interface Place {
        int find();
    }

    private final End end;
    private final int most;
    private final int[] counts;
    private final float[] values;
    private final int[] pictures;
    private final int[] places;

    Ranking(End end, int channels, int most) {
        this.end = end;
        this.most = most;
        this.counts = new int[channels];
        this.values = new float[channels * most];
        this.pictures = new int[channels * most];
        this.places = new int[channels * most];
    }

    End end() {
        return end;
    }

    int channels() {
        return counts.length;
    }

    int count(int channel) {
        return counts[channel];
    }

    /** Pictures must come in rising order. */
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

    /** Puts an entry behind the last one. */
    void append(int channel, float value, int picture, int place) {
        int at = channel * most + counts[channel]++;
        values[at] = value;
        pictures[at] = picture;
        places[at] = place;
    }

    float value(int channel, int rank) {
        return values[channel * most + rank];
    }

    int picture(int channel, int rank) {
        return pictures[channel * most + rank];
    }

    int place(int channel, int rank) {
        return places[channel * most + rank];
    }

    void settle(int channel, int rank, int place) {
        places[channel * most + rank] = place;
    }

    List<Example> examples(int channel, int width) {
        List<Example> examples = new ArrayList<>();
        for (int rank = 0; rank < counts[channel]; rank++) {
            int place = place(channel, rank);
            examples.add(new Example(picture(channel, rank), value(channel, rank), place / width, place % width));
        }
        return examples;
    }
}
