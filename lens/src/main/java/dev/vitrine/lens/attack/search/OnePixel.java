package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Norm;
import dev.vitrine.lens.attack.Pixel;
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
 * Another color for a few pixels, by differential evolution. A candidate is the places and colors of all pixels. In each
 * generation {@code x_a + F · (x_b − x_c)}, of three others drawn at random, replaces a candidate x if its score is better:
 * the log-odds against the true class, or for the target. First places are uniform, first colors N(128, 127) of 0..255;
 * colors are rounded to 8 bits. Ends with the generation in which a candidate succeeds. Su et al. 2019, arXiv:1710.08864.
 *
 * @param weight F
 */
public record OnePixel(
        @Setting(least = 1, meaning = "number of pixels that change")
        int pixels,

        @Setting(least = 4, meaning = "candidates of a generation")
        int population,

        @Setting(least = 0, meaning = "generations after the first, at most; 0 for random candidates alone")
        int generations,

        @Setting(label = "F", above = 0, most = 2, meaning = "factor of the difference of two candidates")
        double weight,

        @Setting(meaning = Words.SEED) long seed)
        implements Search {
    public static final OnePixel USUAL = new OnePixel(1, 400, 100, 0.5, 0);

    private static final double MIDDLE = 128;
    private static final double DEVIATION = 127;
    private static final double LEVELS = 255;
    private static final int PARENTS = 3;

    public OnePixel {
        Settings.require(OnePixel.class, pixels, population, generations, weight, seed);
    }

    @Override
    public String id() {
        return "one-pixel";
    }

    @Override
    public String summary() {
        return "another color for one pixel or a few, by differential evolution";
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        track.look(victim, Track.all(subjects.count()));
        for (int row = 0; row < subjects.count(); row++) {
            long begun = (long) row * generations;
            if (!track.succeeded(row)) {
                new Evolution(victim, track, row)
                        .run(generation -> progress.report(
                                begun + generation, Math.max(1, (long) subjects.count() * generations)));
            }
        }
        return track.crafted();
    }

    /** One picture's search. A candidate is the row, the column and the channels, in 0..255, of each pixel. */
    private final class Evolution {
        private final Victim victim;
        private final Track track;
        private final int row;
        private final SplittableRandom random;
        private final double[][] candidates = new double[population][];
        private final double[] scores = new double[population];

        Evolution(Victim victim, Track track, int row) {
            this.victim = victim;
            this.track = track;
            this.row = row;
            this.random = track.subjects().random(row, seed, 0);
        }

        void run(IntConsumer done) {
            for (int index = 0; index < population; index++) {
                candidates[index] = drawn();
                scores[index] = Double.NEGATIVE_INFINITY;
            }
            select(candidates.clone());
            for (int generation = 0; generation < generations && !track.succeeded(row); generation++) {
                done.accept(generation);
                double[][] children = new double[population][];
                for (int index = 0; index < population; index++) {
                    children[index] = child(index);
                }
                select(children);
            }
        }

        private double[] drawn() {
            double[] candidate = new double[pixels * size()];
            for (int index = 0; index < candidate.length; index++) {
                candidate[index] = switch (index % size()) {
                    case 0 -> random.nextDouble() * victim.height();
                    case 1 -> random.nextDouble() * victim.width();
                    default -> MIDDLE + DEVIATION * random.nextGaussian();
                };
            }
            return candidate;
        }

        private int size() {
            return 2 + victim.channels();
        }

        private double[] child(int own) {
            int[] parents = new int[PARENTS];
            for (int index = 0; index < PARENTS; index++) {
                int drawn = random.nextInt(population);
                while (drawn == own || index > 0 && drawn == parents[0] || index > 1 && drawn == parents[1]) {
                    drawn = random.nextInt(population);
                }
                parents[index] = drawn;
            }
            double[] child = candidates[parents[0]].clone();
            for (int index = 0; index < child.length; index++) {
                child[index] += weight * (candidates[parents[1]][index] - candidates[parents[2]][index]);
            }
            return child;
        }

        /** Children that are better than the candidate in their place replace it; the picture moves to the best. */
        private void select(double[][] children) {
            Subjects subjects = track.subjects();
            float[][] logits = logits(children);
            track.asked(row, children.length);
            int success = -1;
            double highest = Double.NEGATIVE_INFINITY;
            int best = 0;
            for (int index = 0; index < population; index++) {
                double score = subjects.direction() * Scores.logOdds(logits[index], subjects.classes()[row]);
                if (score > scores[index]) {
                    scores[index] = score;
                    candidates[index] = children[index];
                }
                best = scores[index] > scores[best] ? index : best;
                if (subjects.succeeds(row, logits[index]) && score > highest) {
                    success = index;
                    highest = score;
                }
            }
            track.move(row, picture(success < 0 ? candidates[best] : children[success]));
            if (success >= 0) {
                // What was evaluated incrementally counts only if the plain forward pass agrees.
                track.look(victim, new int[] {row});
            }
        }

        private float[][] logits(double[][] children) {
            if (pixels > 1) {
                List<float[]> pictures = new ArrayList<>();
                for (double[] child : children) {
                    pictures.add(picture(child));
                }
                return victim.logits(pictures);
            }
            List<Pixel> changes = new ArrayList<>();
            for (double[] child : children) {
                changes.add(pixel(child, 0));
            }
            return victim.logits(track.subjects().pictures().get(row), changes);
        }

        private float[] picture(double[] candidate) {
            float[] picture = track.subjects().pictures().get(row);
            for (int index = 0; index < pixels; index++) {
                picture = pixel(candidate, index).in(picture, victim.height(), victim.width());
            }
            return picture;
        }

        private Pixel pixel(double[] candidate, int index) {
            int from = index * size();
            float[] color = new float[victim.channels()];
            for (int channel = 0; channel < color.length; channel++) {
                color[channel] = (float) (Math.round(clipped(candidate[from + 2 + channel], LEVELS)) / LEVELS);
            }
            return new Pixel(
                    place(candidate[from], victim.height()), place(candidate[from + 1], victim.width()), color);
        }
    }

    private static int place(double value, int size) {
        return (int) Math.min(size - 1, clipped(value, size));
    }

    private static double clipped(double value, double most) {
        return Math.max(0, Math.min(most, value));
    }
}
