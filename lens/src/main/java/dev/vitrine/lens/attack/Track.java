package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where each picture of an attack is, and the last place where the network was wrong. */
public final class Track {
    private final Subjects subjects;
    private final List<float[]> places;
    private final List<Optional<float[]>> broken = new ArrayList<>();
    private final long[] queries;

    public Track(Subjects subjects) {
        this.subjects = subjects;
        this.places = subjects.copies();
        this.queries = new long[subjects.count()];
        places.forEach(place -> broken.add(Optional.empty()));
    }

    public Subjects subjects() {
        return subjects;
    }

    public float[] place(int row) {
        return places.get(row);
    }

    public void move(int row, float[] place) {
        places.set(row, place);
    }

    /** The network was run on a place of a picture. */
    public void seen(int row, float[] place, float[] logits) {
        queries[row]++;
        if (subjects.succeeds(row, logits)) {
            broken.set(row, Optional.of(place));
        }
    }

    /** Runs the network on where the pictures are now. */
    public void look(Victim victim, int[] rows) {
        float[][] logits =
                victim.logits(IntStream.of(rows).mapToObj(places::get).toList());
        for (int i = 0; i < rows.length; i++) {
            seen(rows[i], places.get(rows[i]), logits[i]);
        }
    }

    public boolean succeeded(int row) {
        return broken.get(row).isPresent();
    }

    /** Pictures for which the network was never wrong. */
    public int[] unbroken() {
        return IntStream.range(0, subjects.count())
                .filter(row -> !succeeded(row))
                .toArray();
    }

    /** The last place where the network was wrong, or else where the picture is. */
    float[] result(int row) {
        return broken.get(row).orElse(places.get(row));
    }

    /** More runs for a picture. */
    public void asked(int row, long runs) {
        queries[row] += runs;
    }

    public Attack.Crafted crafted() {
        List<float[]> found = new ArrayList<>();
        for (int row = 0; row < subjects.count(); row++) {
            found.add(result(row));
        }
        return new Attack.Crafted(found, queries.clone());
    }

    /** One of several attempts at pictures. */
    interface Attempt {
        void make(Track track, int number, Progress progress);
    }

    /**
     * Attempts at the pictures that still resist.
     *
     * @param steps of an attempt
     */
    static Attack.Crafted restarts(Subjects subjects, int attempts, int steps, Progress progress, Attempt attempt) {
        List<float[]> found = subjects.copies();
        boolean[] done = new boolean[subjects.count()];
        long[] queries = new long[subjects.count()];
        for (int number = 0; number < attempts; number++) {
            int[] rows =
                    IntStream.range(0, done.length).filter(row -> !done[row]).toArray();
            if (rows.length == 0) {
                break;
            }
            Track track = new Track(subjects.of(rows));
            long before = (long) number * steps;
            attempt.make(track, number, (step, all) -> progress.report(before + step, (long) attempts * steps));
            for (int i = 0; i < rows.length; i++) {
                found.set(rows[i], track.result(i));
                done[rows[i]] = track.succeeded(i);
                queries[rows[i]] += track.queries[i];
            }
        }
        progress.report((long) attempts * steps, (long) attempts * steps);
        return new Attack.Crafted(found, queries);
    }

    public static int[] all(int rows) {
        return IntStream.range(0, rows).toArray();
    }
}
