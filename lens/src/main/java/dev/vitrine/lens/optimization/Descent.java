package dev.vitrine.lens.optimization;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * L-BFGS iterations: x' = x − t·H∇f, with H the inverse Hessian estimated from the last steps and t a step that meets
 * the strong Wolfe conditions. Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7; the step as in Nocedal and Wright
 * 2006, algorithms 3.5 and 3.6.
 */
public final class Descent {
    /** Maximum number of evaluations per step. */
    public static final int MOST_TRIES = 20;

    /** Sufficient decrease (Armijo) constant. */
    private static final double SUFFICIENT = 1e-4;

    /** Curvature (Wolfe) constant. */
    private static final double CURVATURE = 0.9;

    private final SmoothFunction function;
    private final int memory;
    private final FirstTrial firstTrial;
    private final Deque<Change> changes = new ArrayDeque<>();
    private Sample now;

    /** Length of the first trial along −∇f while the curvature is unknown, as a multiple of ∇f. */
    @FunctionalInterface
    public interface FirstTrial {
        /** At most 1. */
        FirstTrial UNIT = gradient -> Math.min(1, 1 / norm(gradient));

        double along(double[] gradient);
    }

    /** A step and the change of the gradient along it. */
    private record Change(double[] step, double[] turn, double product) {}

    /** A point of the line search: step, value, slope and gradient. */
    private record Sample(double along, double value, double slope, double[] point, double[] gradient) {}

    /** @param memory number of steps that H is estimated from */
    public Descent(SmoothFunction function, double[] start, int memory, FirstTrial firstTrial) {
        if (memory < 1) {
            throw new IllegalArgumentException("memory " + memory + ": expected at least 1");
        }
        this.function = function;
        this.memory = memory;
        this.firstTrial = firstTrial;
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        this.now = new Sample(0, function.at(point, gradient), 0, point, gradient);
    }

    /** The current point; not a copy. */
    public double[] point() {
        return now.point;
    }

    public double value() {
        return now.value;
    }

    /** The largest component of ∇f. */
    public double steepness() {
        double largest = 0;
        for (double component : now.gradient) {
            largest = Math.max(largest, Math.abs(component));
        }
        return largest;
    }

    /** Continues from a nearby point, such as its projection onto bounds, with the old value and gradient. */
    public void moveTo(double[] point) {
        now = new Sample(0, now.value, 0, point.clone(), now.gradient);
    }

    /** Takes a descent step; returns whether there was one. */
    public boolean step() {
        double[] direction = direction(now.gradient, changes);
        double slope = dot(now.gradient, direction);
        if (!(slope < 0)) {
            changes.clear();
            direction = direction(now.gradient, changes);
            slope = dot(now.gradient, direction);
        }
        if (!(slope < 0)) {
            return false;
        }
        double trial = changes.isEmpty() ? firstTrial.along(now.gradient) : 1;
        Sample next = new Line(function, now, direction, slope).search(trial);
        if (!(next.value < now.value)) {
            changes.clear();
            return false;
        }
        remember(changes, now, next);
        now = next;
        return true;
    }

    private void remember(Deque<Change> changes, Sample from, Sample to) {
        double[] step = difference(to.point, from.point);
        double[] turn = difference(to.gradient, from.gradient);
        double product = dot(step, turn);
        if (product > 1e-12 * dot(turn, turn)) {
            if (changes.size() == memory) {
                changes.removeFirst();
            }
            changes.addLast(new Change(step, turn, product));
        }
    }

    /** −H∇f, by two loops over the remembered changes. */
    private static double[] direction(double[] gradient, Deque<Change> changes) {
        double[] direction = gradient.clone();
        List<Change> newestFirst = new ArrayList<>(changes);
        Collections.reverse(newestFirst);
        double[] weights = new double[newestFirst.size()];
        for (int index = 0; index < weights.length; index++) {
            Change change = newestFirst.get(index);
            weights[index] = dot(change.step, direction) / change.product;
            add(direction, -weights[index], change.turn);
        }
        if (!newestFirst.isEmpty()) {
            Change newest = newestFirst.get(0);
            scale(direction, newest.product / dot(newest.turn, newest.turn));
        }
        for (int index = weights.length - 1; index >= 0; index--) {
            Change change = newestFirst.get(index);
            add(direction, weights[index] - dot(change.turn, direction) / change.product, change.step);
        }
        scale(direction, -1);
        return direction;
    }

    /** The line search. */
    private static final class Line {
        private final SmoothFunction function;
        private final Sample start;
        private final double[] direction;
        private final double slope;
        private int tries;

        Line(SmoothFunction function, Sample start, double[] direction, double slope) {
            this.function = function;
            this.start = new Sample(0, start.value, slope, start.point, start.gradient);
            this.direction = direction;
            this.slope = slope;
        }

        Sample search(double trial) {
            Sample before = start;
            Sample now = sample(trial);
            while (tries < MOST_TRIES) {
                if (isTooHigh(now) || (before != start && now.value >= before.value)) {
                    return between(before, now);
                }
                if (Math.abs(now.slope) <= -CURVATURE * slope) {
                    return now;
                }
                if (now.slope >= 0) {
                    return between(now, before);
                }
                before = now;
                now = sample(2 * now.along);
            }
            return lower(now, start);
        }

        private boolean isTooHigh(Sample sample) {
            return !(sample.value <= start.value + SUFFICIENT * sample.along * slope);
        }

        /** A valid step within the bracket of {@code low} and the other end. */
        private Sample between(Sample goodEnd, Sample farEnd) {
            Sample low = goodEnd;
            Sample high = farEnd;
            while (tries < MOST_TRIES) {
                Sample middle = sample(low.along + (high.along - low.along) * share(low, high));
                if (isTooHigh(middle) || middle.value >= low.value) {
                    high = middle;
                } else if (Math.abs(middle.slope) <= -CURVATURE * slope) {
                    return middle;
                } else {
                    high = middle.slope * (high.along - low.along) >= 0 ? low : high;
                    low = middle;
                }
            }
            return low;
        }

        /**
         * The minimum of the parabola through value and slope of one end and value of the other, safeguarded from the
         * ends.
         */
        private static double share(Sample low, Sample high) {
            double width = high.along - low.along;
            double bend = high.value - low.value - low.slope * width;
            double share = bend > 0 ? -low.slope * width / (2 * bend) : 0.5;
            return Double.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.1;
        }

        private Sample sample(double along) {
            tries++;
            double[] point = start.point.clone();
            add(point, along, direction);
            double[] gradient = new double[point.length];
            double value = function.at(point, gradient);
            return new Sample(along, value, dot(gradient, direction), point, gradient);
        }

        private static Sample lower(Sample one, Sample other) {
            return one.value < other.value ? one : other;
        }
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int index = 0; index < one.length; index++) {
            sum += one[index] * other[index];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static void add(double[] target, double factor, double[] vector) {
        for (int index = 0; index < target.length; index++) {
            target[index] += factor * vector[index];
        }
    }

    private static void scale(double[] target, double factor) {
        for (int index = 0; index < target.length; index++) {
            target[index] *= factor;
        }
    }

    private static double[] difference(double[] one, double[] other) {
        double[] difference = one.clone();
        add(difference, -1, other);
        return difference;
    }
}
