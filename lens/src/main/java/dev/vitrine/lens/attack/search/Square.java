package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Ball;
import dev.vitrine.lens.attack.Norm;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Track;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attack.Words;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Random search by squares: a square of the change is drawn anew, ±ε by channel in L∞ and a bump in L2, and kept if the
 * margin against the true class grows. Squares shrink as queries are spent. Andriushchenko et al. 2020, arXiv:1912.00049.
 *
 * @param share p₀, of the picture that the first squares cover
 */
public record Square(
        @Setting(label = "NORM", meaning = "how changes are measured: linf or l2")
        Norm norm,

        @Setting(
                label = "E",
                above = 0,
                meaning = "largest size of a change in the norm",
                otherwise = "8/255 for linf, 0.5 for l2")
        OptionalDouble epsilon,

        @Setting(least = 2, meaning = Queries.MEANING) int queries,

        @Setting(label = "P", above = 0, most = 1, meaning = "share of the picture that the first squares cover")
        double share,

        @Setting(meaning = Words.SEED) long seed)
        implements Search {
    public static final Square USUAL = new Square(Norm.LINF, OptionalDouble.empty(), 5000, 0.8, 0);

    private static final double L2_EPSILON = 0.5;
    private static final double SCHEDULE = 10_000;
    private static final int ATTEMPTS = 10;

    /** Twice what a float in 0..1 is rounded by, so that ε holds after it. */
    private static final double ROUNDING = 0x1p-24;

    /** Queries, of {@link #SCHEDULE}, after which the share of squares is halved once more. */
    private static final int[] HALVINGS = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

    public Square {
        Settings.require(Square.class, norm, epsilon, queries, share, seed);
        if (norm == Norm.L1) {
            throw new IllegalArgumentException("norm l1: expected linf or l2");
        }
    }

    @Override
    public String id() {
        return "square";
    }

    @Override
    public String summary() {
        return "random squares, each kept if the network becomes less sure";
    }

    @Override
    public Optional<Ball> bound() {
        return Optional.of(ball());
    }

    private Ball ball() {
        return new Ball(norm, epsilon.orElse(norm == Norm.LINF ? Words.USUAL_EPSILON : L2_EPSILON));
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        track.look(victim, Track.all(subjects.count()));
        SquareChange squares = norm == Norm.LINF
                ? new SquareSigns(victim, ball().radius() - ROUNDING)
                : new SquareBumps(victim, ball().radius());
        SplittableRandom[] randoms = new SplittableRandom[subjects.count()];
        Arrays.setAll(randoms, row -> subjects.random(row, seed, 0));
        double[] best = new double[subjects.count()];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        for (int query = 1; query < queries; query++) {
            int[] active = track.unbroken();
            if (active.length == 0) {
                break;
            }
            progress.report(query, queries);
            List<float[]> tried = new ArrayList<>();
            for (int row : active) {
                tried.add(
                        query == 1
                                ? ball().place(subjects.pictures().get(row), squares.first(randoms[row]))
                                : next(track, row, squares, side(victim, query), randoms[row]));
            }
            float[][] logits = victim.logits(tried);
            for (int i = 0; i < active.length; i++) {
                int row = active[i];
                double score = subjects.direction() * Scores.margin(logits[i], subjects.classes()[row]);
                if (score > best[row]) {
                    best[row] = score;
                    track.move(row, tried.get(i));
                }
                track.seen(row, tried.get(i), logits[i]);
            }
        }
        return track.crafted();
    }

    /** Another place than where the picture is, if several attempts find one. */
    private float[] next(Track track, int row, SquareChange squares, int side, SplittableRandom random) {
        float[] picture = track.subjects().pictures().get(row);
        double[] change = Ball.difference(track.place(row), picture);
        float[] tried = track.place(row);
        for (int attempt = 0; attempt < ATTEMPTS && Arrays.equals(tried, track.place(row)); attempt++) {
            tried = ball().place(picture, squares.next(change, side, random));
        }
        return tried;
    }

    /** Side of the squares of a query. */
    private int side(Victim victim, int query) {
        int at = (int) ((query - 1) / (double) queries * SCHEDULE);
        long halvings = Arrays.stream(HALVINGS).filter(begin -> at > begin).count();
        double part = share / (1L << halvings);
        long side = Math.round(Math.sqrt(part * victim.height() * victim.width()));
        return (int) Math.max(1, Math.min(Math.min(victim.height(), victim.width()) - 1, side));
    }
}
