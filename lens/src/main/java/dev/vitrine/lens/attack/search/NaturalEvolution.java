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
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Steps along the sign of an estimated gradient, {@code Σ u · (L(x + σu) − L(x − σu))} for normal directions u (natural
 * evolution strategies), averaged over steps with momentum .9. L are the log-odds. Ends with the first success. Ilyas et al.
 * 2018, arXiv:1804.08598.
 *
 * @param directions of a step; each takes two queries
 * @param spread σ
 */
public record NaturalEvolution(
        @Setting(label = "E", above = 0, most = 1, meaning = Words.EPSILON)
        double epsilon,

        @Setting(label = "A", above = 0, meaning = Words.STEP_SIZE)
        double stepSize,

        @Setting(least = 1, meaning = "directions of an estimate, two queries each")
        int directions,

        @Setting(label = "S", above = 0, most = 1, meaning = "distance at which scores are compared")
        double spread,

        @Setting(least = 2, meaning = Queries.MEANING) int queries,

        @Setting(meaning = Words.SEED) long seed)
        implements Search {
    public static final NaturalEvolution USUAL =
            new NaturalEvolution(Words.USUAL_EPSILON, 0.5 / 255, 25, 0.001, 5000, 0);

    private static final double MOMENTUM = 0.9;

    public NaturalEvolution {
        Settings.require(NaturalEvolution.class, epsilon, stepSize, directions, spread, queries, seed);
    }

    @Override
    public String id() {
        return "nes";
    }

    @Override
    public String summary() {
        return "steps along the sign of a gradient that is estimated from scores";
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
    }

    @Override
    public Optional<Ball> bound() {
        return Optional.of(new Ball(Norm.LINF, epsilon));
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        track.look(victim, Track.all(subjects.count()));
        int steps = Math.max(0, (queries - 1) / (2 * directions + 1));
        for (int row : track.unbroken()) {
            SplittableRandom random = subjects.random(row, seed, 0);
            double[] along = new double[victim.size()];
            for (int step = 0; step < steps && !track.succeeded(row); step++) {
                progress.report((long) row * steps + step, (long) subjects.count() * steps);
                double[] slope = slope(victim, track, row, random);
                double[] change =
                        Ball.difference(track.place(row), subjects.pictures().get(row));
                for (int i = 0; i < along.length; i++) {
                    along[i] = MOMENTUM * along[i] + (1 - MOMENTUM) * slope[i];
                    change[i] += stepSize * Math.signum(along[i]);
                }
                track.move(
                        row,
                        new Ball(Norm.LINF, epsilon).place(subjects.pictures().get(row), change));
                track.look(victim, new int[] {row});
            }
        }
        return track.crafted();
    }

    /** The direction in which the score is estimated to rise. */
    private double[] slope(Victim victim, Track track, int row, SplittableRandom random) {
        float[] place = track.place(row);
        double[][] drawn = new double[directions][place.length];
        List<float[]> ends = new ArrayList<>();
        for (double[] direction : drawn) {
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextGaussian();
            }
            ends.add(moved(place, direction, spread));
            ends.add(moved(place, direction, -spread));
        }
        float[][] logits = victim.logits(ends);
        track.asked(row, ends.size());
        Subjects subjects = track.subjects();
        int index = subjects.classes()[row];
        double[] slope = new double[place.length];
        for (int number = 0; number < directions; number++) {
            double rise = subjects.direction()
                    * (Scores.logOdds(logits[2 * number], index) - Scores.logOdds(logits[2 * number + 1], index));
            for (int i = 0; i < slope.length; i++) {
                slope[i] += rise * drawn[number][i];
            }
        }
        return slope;
    }

    private static float[] moved(float[] place, double[] direction, double by) {
        float[] moved = new float[place.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (place[i] + by * direction[i]);
        }
        return moved;
    }
}
