package dev.vitrine.lens.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ∫₀¹ g(t) dt over parts of uneven length, in each (λ g(a) + (1 − λ) g(b)) (b − a): exact where g has one kink, at a +
 * λ (b − a). A ReLU network is piecewise linear along the path, and the slope is ∂score/∂t, so that the scores and
 * slopes at both ends of a part determine where its kink would be. Where that is outside the part, λ is clamped to 0..1
 * and the part's error remains; nothing is scaled to hide it. The part with the largest error is bisected until the
 * steps are used up; where several samples cost as much as one, the midpoints of the parts likely to be next are
 * evaluated with it.
 */
final class AdaptivePath {
    /** Gradients kept at a time: a longer path is cut into equal stretches, each with its share of the steps. */
    private static final int MOST_KEPT = 64;

    private static final int FEWEST_KEPT = 8;
    private static final long KEPT_BYTES = 64L << 20;

    /** Number of steps spread evenly before the first bisection. */
    private static final double EVEN_SHARE = 1 / 3.0;

    /**
     * Width below which a part is not bisected: positions are float32, and a score's rounding error is as large as the
     * rest.
     */
    private static final double SHORTEST = 1e-5;

    /**
     * The path at one position.
     *
     * @param change g = (x − x₀) ⊙ ∂score/∂x there
     * @param slope Σ g
     */
    record Sample(double position, float[] change, double slope, double score) {}

    /** Evaluates the path. */
    interface Path {
        List<Sample> at(List<Double> positions);
    }

    /** Weight of the distance between the gradients at both ends of a part in its error estimate. */
    private static final double DISTANCE_SHARE = 0.1;

    /**
     * Two neighboring samples.
     *
     * @param kink λ, the share of the part before its kink
     * @param error estimated error, which bisection would reduce
     */
    private record Part(Sample from, Sample to, double kink, double error) {
        static Part between(Sample from, Sample to) {
            double length = to.position() - from.position();
            double mean = (to.score() - from.score()) / length;
            double bend = from.slope() - to.slope();
            double kink = bend == 0 ? 0.5 : Math.max(0, Math.min(1, (mean - to.slope()) / bend));
            double missed = Math.abs(kink * from.slope() + (1 - kink) * to.slope() - mean);
            double error = length < SHORTEST ? 0 : length * (missed + DISTANCE_SHARE * distance(from, to));
            return new Part(from, to, kink, error);
        }

        private static double distance(Sample from, Sample to) {
            double squares = 0;
            for (int i = 0; i < from.change().length; i++) {
                double difference = from.change()[i] - to.change()[i];
                squares += difference * difference;
            }
            return Math.sqrt(squares);
        }

        double length() {
            return to.position() - from.position();
        }

        double middle() {
            return (from.position() + to.position()) / 2;
        }
    }

    private static final Comparator<Part> WORST_LAST = Comparator.comparingDouble(Part::error);

    private final Path path;
    private final double[] sum;
    private final Progress progress;
    private final int steps;
    private final int width;
    private int taken;

    private AdaptivePath(int steps, int size, int width, Path path, Progress progress) {
        this.steps = steps;
        this.width = width;
        this.path = path;
        this.progress = progress;
        this.sum = new double[size];
    }

    /**
     * The integral of g.
     *
     * @param steps samples of the path
     * @param size of g
     * @param width samples that cost as much as one; does not change the integral
     */
    static double[] integral(int steps, int size, int width, Path path, Progress progress) {
        AdaptivePath integral = new AdaptivePath(steps, size, width, path, progress);
        if (steps == 1) {
            integral.add(1, integral.samples(List.of(0.5)).get(0));
        } else {
            integral.stretches();
        }
        return integral.sum;
    }

    private void stretches() {
        long kept = Math.max(FEWEST_KEPT, Math.min(MOST_KEPT, KEPT_BYTES / (4L * sum.length)));
        int count = (int) ((steps - 1 + kept - 2) / (kept - 1));
        List<Sample> known = List.of();
        for (int stretch = 0; stretch < count; stretch++) {
            int own = (int) ((stretch + 1L) * (steps - 1) / count) - (int) ((long) stretch * (steps - 1) / count);
            known = List.of(stretch(known, (double) stretch / count, (stretch + 1.0) / count, own));
        }
    }

    /**
     * Adds the integral between two positions, using the given number of samples after the first.
     *
     * @param known the first, if it is known
     * @return the last
     */
    private Sample stretch(List<Sample> known, double start, double end, int more) {
        int even = Math.max(1, (int) (more * EVEN_SHARE));
        List<Double> positions = new ArrayList<>();
        for (int i = known.size(); i <= even; i++) {
            positions.add(i == even ? end : start + (end - start) * i / even);
        }
        List<Sample> evenly = new ArrayList<>(known);
        evenly.addAll(samples(positions));
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i <= even; i++) {
            parts.add(Part.between(evenly.get(i - 1), evenly.get(i)));
        }
        Map<Double, Sample> middles = new HashMap<>();
        for (int i = even; i < more; i++) {
            Part halved = parts.stream().max(WORST_LAST).orElseThrow();
            if (!middles.containsKey(halved.middle())) {
                evaluateWorst(parts, Math.min(width, more - i), middles);
            }
            Sample middle = middles.remove(halved.middle());
            report(1);
            int place = parts.indexOf(halved);
            parts.set(place, Part.between(middle, halved.to()));
            parts.add(place, Part.between(halved.from(), middle));
        }
        for (Part part : parts) {
            add(part.length() * part.kink(), part.from());
            add(part.length() * (1 - part.kink()), part.to());
        }
        return evenly.get(even);
    }

    /**
     * Adds the midpoints of the parts with the largest errors, as far as unknown: the worst and those likely to be
     * next.
     */
    private void evaluateWorst(List<Part> parts, int count, Map<Double, Sample> middles) {
        List<Double> positions = parts.stream()
                .sorted(WORST_LAST.reversed())
                .map(Part::middle)
                .filter(middle -> !middles.containsKey(middle))
                .limit(count)
                .toList();
        List<Sample> samples = path.at(positions);
        for (int i = 0; i < positions.size(); i++) {
            middles.put(positions.get(i), samples.get(i));
        }
    }

    private List<Sample> samples(List<Double> positions) {
        List<Sample> samples = path.at(positions);
        report(positions.size());
        return samples;
    }

    private void report(int more) {
        taken += more;
        progress.report(taken, steps);
    }

    private void add(double weight, Sample sample) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * sample.change()[i];
        }
    }
}
