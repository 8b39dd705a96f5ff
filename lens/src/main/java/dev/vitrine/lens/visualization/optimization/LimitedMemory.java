package dev.vitrine.lens.visualization.optimization;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * L-BFGS: steps along −H g, H the inverse curvature that the last moves tell of, shortened until the value falls by
 * Armijo's rule. Liu and Nocedal 1989, doi:10.1007/BF01589116. For functions that stay the same from step to step.
 *
 * @param memory how many moves are remembered
 */
public record LimitedMemory(int memory) implements Optimizer {
    private static final double SUFFICIENT = 1e-4;
    /** How often a step is shortened before it is given up. */
    static final int ATTEMPTS = 12;

    private static final double FIRST_STEP = 0.05;
    private static final double LEAST_CURVATURE = 1e-10;

    public LimitedMemory {
        if (memory < 1) {
            throw new IllegalArgumentException("memory " + memory + ": expected at least 1");
        }
    }

    @Override
    public String label() {
        return "lbfgs " + memory;
    }

    @Override
    public Walk walk(int size) {
        return new Descent(size, memory);
    }

    /** A move with the change of the gradient that it made. */
    private record Move(float[] way, float[] bend, double inverse) {}

    private static final class Descent implements Walk {
        private final int size;
        private final int memory;
        private final Deque<Move> moves = new ArrayDeque<>();
        private float[] gradient;
        private double value;
        private boolean known;

        Descent(int size, int memory) {
            this.size = size;
            this.memory = memory;
            this.gradient = new float[size];
        }

        @Override
        public double step(float[] place, Function function) {
            if (!known) {
                value = function.at(place, gradient);
                known = true;
            }
            double before = value;
            float[] direction = direction();
            double slope = dot(direction, gradient);
            if (!(slope < 0)) {
                moves.clear();
                direction = direction();
                slope = dot(direction, gradient);
            }
            if (slope < 0) {
                search(place, direction, slope, function);
            }
            return before;
        }

        private void search(float[] place, float[] direction, double slope, Function function) {
            float[] start = place.clone();
            float[] there = new float[size];
            double length = 1;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                for (int i = 0; i < size; i++) {
                    place[i] = (float) (start[i] + length * direction[i]);
                }
                double found = function.at(place, there);
                if (found <= value + SUFFICIENT * length * slope) {
                    remember(start, place, there);
                    gradient = there;
                    value = found;
                    return;
                }
                // The lowest point of the parabola through both values and the slope, within bounds.
                double lowest = -slope * length * length / (2 * (found - value - slope * length));
                length =
                        Double.isFinite(lowest) ? Math.max(0.1 * length, Math.min(0.5 * length, lowest)) : 0.1 * length;
            }
            System.arraycopy(start, 0, place, 0, size);
            moves.clear();
        }

        private void remember(float[] from, float[] to, float[] newGradient) {
            Move oldest = moves.size() == memory ? moves.removeFirst() : new Move(new float[size], new float[size], 0);
            float[] way = oldest.way();
            float[] bend = oldest.bend();
            double product = 0;
            double square = 0;
            for (int i = 0; i < size; i++) {
                way[i] = to[i] - from[i];
                bend[i] = newGradient[i] - gradient[i];
                product += (double) way[i] * bend[i];
                square += (double) bend[i] * bend[i];
            }
            if (product > LEAST_CURVATURE * square) {
                moves.addLast(new Move(way, bend, 1 / product));
            }
        }

        /** −H g by the two loops over the remembered moves. */
        private float[] direction() {
            float[] direction = new float[size];
            if (moves.isEmpty()) {
                double steepness = 0;
                for (float entry : gradient) {
                    steepness = Math.max(steepness, Math.abs(entry));
                }
                float length = steepness > 0 ? (float) (FIRST_STEP / steepness) : 0;
                for (int i = 0; i < size; i++) {
                    direction[i] = -length * gradient[i];
                }
                return direction;
            }
            for (int i = 0; i < size; i++) {
                direction[i] = -gradient[i];
            }
            double[] shares = new double[moves.size()];
            int index = moves.size();
            for (Iterator<Move> back = moves.descendingIterator(); back.hasNext(); ) {
                Move move = back.next();
                shares[--index] = move.inverse() * dot(move.way(), direction);
                add(direction, -shares[index], move.bend());
            }
            Move last = moves.getLast();
            float scale = (float) (1 / (last.inverse() * dot(last.bend(), last.bend())));
            for (int i = 0; i < size; i++) {
                direction[i] *= scale;
            }
            for (Move move : moves) {
                double share = move.inverse() * dot(move.bend(), direction);
                add(direction, shares[index++] - share, move.way());
            }
            return direction;
        }

        private static void add(float[] sum, double weight, float[] more) {
            float factor = (float) weight;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * more[i];
            }
        }

        private static double dot(float[] one, float[] other) {
            double even = 0;
            double odd = 0;
            int last = one.length - 1;
            for (int i = 0; i < last; i += 2) {
                even += one[i] * other[i];
                odd += one[i + 1] * other[i + 1];
            }
            return last % 2 == 0 ? even + odd + one[last] * other[last] : even + odd;
        }
    }
}
