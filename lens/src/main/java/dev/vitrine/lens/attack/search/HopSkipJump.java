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
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * The smallest change in L2 from predicted classes alone: from noise that is misclassified to the decision boundary by
 * bisection, then along the boundary by the direction in which random small changes are misclassified more often. Chen et
 * al. 2019, arXiv:1904.02144.
 *
 * @param evaluations of the first estimate; the k-th takes √k times as many
 */
public record HopSkipJump(
        @Setting(least = 200, meaning = Queries.MEANING) int queries,

        @Setting(least = 2, meaning = "queries of the first estimate of a direction; the k-th takes √k times as many")
        int evaluations,

        @Setting(meaning = Words.SEED) long seed)
        implements Search {
    public static final HopSkipJump USUAL = new HopSkipJump(5000, 100, 0);

    private static final int STARTS = 100;
    private static final double FIRST_SPREAD = 0.1;
    private static final int BATCH = 100;

    public HopSkipJump {
        Settings.require(HopSkipJump.class, queries, evaluations, seed);
    }

    @Override
    public String id() {
        return "hop-skip-jump";
    }

    @Override
    public String summary() {
        return "the least change in L2 from predicted classes alone";
    }

    @Override
    public Access access() {
        return Access.LABELS;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public boolean canTarget() {
        return false;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        track.look(victim, Track.all(subjects.count()));
        for (int row : track.unbroken()) {
            new Walk(victim, track, row)
                    .run(asked -> progress.report((long) row * queries + asked, (long) subjects.count() * queries));
        }
        return track.crafted();
    }

    /** One picture's walk along the boundary. */
    private final class Walk {
        private final Victim victim;
        private final Track track;
        private final int row;
        private final float[] picture;
        private final SplittableRandom random;

        /** The picture itself is asked about before, the result after the walk. */
        private int left = queries - 2;

        Walk(Victim victim, Track track, int row) {
            this.victim = victim;
            this.track = track;
            this.row = row;
            this.picture = track.subjects().pictures().get(row);
            this.random = track.subjects().random(row, seed, 0);
        }

        void run(IntConsumer spent) {
            float[] here = start();
            if (!isWrong(here)) {
                track.move(row, here);
                track.asked(row, queries - 2L - left);
                track.look(victim, new int[] {row});
                return;
            }
            here = toBoundary(here);
            float[] nearest = here;
            for (int hop = 1; left > 0; hop++) {
                spent.accept(queries - left);
                double distance = distance(here);
                double spread = hop == 1 ? FIRST_SPREAD : distance / picture.length;
                double[] direction = direction(here, spread, (int) Math.min(left, evaluations * Math.sqrt(hop)));
                float[] reached = jump(here, direction, distance / Math.sqrt(hop));
                here = toBoundary(reached);
                nearest = distance(here) < distance(nearest) ? here : nearest;
            }
            track.move(row, nearest);
            track.asked(row, queries - 2L - left);
            track.look(victim, new int[] {row});
        }

        /** Noise that is misclassified, or the last one tried. */
        private float[] start() {
            float[] noise = new float[picture.length];
            for (int attempt = 0; attempt < STARTS; attempt++) {
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = (float) random.nextDouble();
                }
                if (isWrong(noise)) {
                    break;
                }
            }
            return noise;
        }

        private double distance(float[] place) {
            return Norm.L2.of(Ball.difference(place, picture));
        }

        private boolean isWrong(float[] place) {
            return areWrong(List.of(place))[0];
        }

        private boolean[] areWrong(List<float[]> places) {
            left -= places.size();
            float[][] logits = victim.logits(places);
            boolean[] wrong = new boolean[places.size()];
            for (int i = 0; i < wrong.length; i++) {
                wrong[i] = track.subjects().succeeds(row, logits[i]);
            }
            return wrong;
        }

        /** The place nearest to the picture, between it and one that is misclassified, that is misclassified too. */
        private float[] toBoundary(float[] wrong) {
            double resolution = 1 / (Math.sqrt(picture.length) * picture.length);
            double[] change = Ball.difference(wrong, picture);
            float[] nearest = wrong;
            double low = 0;
            double high = 1;
            while (high - low > resolution && left > 0) {
                double middle = (low + high) / 2;
                float[] between = Ball.moved(picture, change, middle);
                if (isWrong(between)) {
                    nearest = between;
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return nearest;
        }

        /** Σ u · (±1 − mean) over random directions u, +1 where x + δu is misclassified; of length 1. */
        private double[] direction(float[] here, double spread, int count) {
            double[] wrong = new double[here.length];
            double[] right = new double[here.length];
            int failures = 0;
            for (int from = 0; from < count; from += BATCH) {
                List<float[]> places = new ArrayList<>();
                for (int i = from; i < Math.min(count, from + BATCH); i++) {
                    places.add(near(here, spread));
                }
                boolean[] are = areWrong(places);
                for (int i = 0; i < are.length; i++) {
                    failures += are[i] ? 1 : 0;
                    add(are[i] ? wrong : right, places.get(i), here);
                }
            }
            double mean = count == 0 ? 0 : 2.0 * failures / count - 1;
            boolean isMixed = failures > 0 && failures < count;
            double[] direction = new double[here.length];
            for (int i = 0; i < direction.length; i++) {
                direction[i] = isMixed ? (1 - mean) * wrong[i] - (1 + mean) * right[i] : wrong[i] - right[i];
            }
            double length = Norm.L2.of(direction);
            for (int i = 0; i < direction.length; i++) {
                direction[i] = length > 0 ? direction[i] / length : 0;
            }
            return direction;
        }

        private float[] near(float[] here, double spread) {
            double[] drawn = new double[here.length];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = random.nextGaussian();
            }
            return Ball.moved(here, drawn, spread / Norm.L2.of(drawn));
        }

        private void add(double[] sum, float[] place, float[] here) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) place[i] - here[i];
            }
        }

        /** The longest step, halved until it is misclassified, or no step. */
        private float[] jump(float[] here, double[] direction, double longest) {
            for (double length = longest; left > 0; length /= 2) {
                float[] reached = Ball.moved(here, direction, length);
                if (isWrong(reached)) {
                    return reached;
                }
            }
            return here;
        }
    }
}
