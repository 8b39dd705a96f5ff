package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The least change in L2 that is found by Adam on {@code ‖x − x₀‖² + c·max(−margin, −confidence)} over w with x = (tanh w +
 * 1)/2, where the margin is positive once the attack succeeds; c is searched for each picture, and the change found is
 * shortened as far as the attack still succeeds. Carlini and Wagner 2016, arXiv:1608.04644.
 */
public record CarliniWagner(
        @Setting(least = 1, meaning = "steps for each c") int steps,

        @Setting(label = "R", above = 0, meaning = "learning rate of Adam, which falls to 0 over the steps")
        double rate,

        @Setting(label = "K", least = 0, meaning = "margin of logits that the wrong class must have")
        double confidence,

        @Setting(label = "C", above = 0, meaning = "first weight of the margin")
        double weight,

        @Setting(
                least = 1,
                meaning = "weights that are tried: ten times the last until one succeeds, then by bisection")
        int searches)
        implements WhiteBox {
    public static final CarliniWagner USUAL = new CarliniWagner(50, 0.01, 0, 1, 9);

    /** Keeps values of 0 and 1 within the range of tanh. */
    private static final double WITHIN = 0.999999;

    private static final double GROWTH = 10;
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double LEAST = 1e-8;

    /** Halvings of the last change. */
    private static final int SHORTENINGS = 12;

    public CarliniWagner {
        Settings.require(CarliniWagner.class, steps, rate, confidence, weight, searches);
    }

    @Override
    public String id() {
        return "carlini-wagner";
    }

    @Override
    public String summary() {
        return "the least change in L2, by optimization";
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    /** One picture's search. */
    private static final class State {
        final double[] origin;
        double[] point;
        double[] first;
        double[] second;
        double low;
        double high = Double.POSITIVE_INFINITY;
        double c;
        boolean reached;
        double least = Double.POSITIVE_INFINITY;
        Optional<float[]> best = Optional.empty();

        State(float[] picture, double c) {
            origin = new double[picture.length];
            for (int i = 0; i < picture.length; i++) {
                double centered = WITHIN * (2.0 * picture[i] - 1);
                origin[i] = 0.5 * Math.log((1 + centered) / (1 - centered));
            }
            this.c = c;
            begin();
        }

        void begin() {
            point = origin.clone();
            first = new double[origin.length];
            second = new double[origin.length];
            reached = false;
        }

        float[] place() {
            float[] place = new float[point.length];
            for (int i = 0; i < place.length; i++) {
                place[i] = (float) (0.5 * (Math.tanh(point[i]) + 1));
            }
            return place;
        }

        void choose() {
            if (reached) {
                high = c;
            } else {
                low = c;
            }
            c = high < Double.POSITIVE_INFINITY ? 0.5 * (low + high) : GROWTH * c;
        }
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        int rows = subjects.count();
        List<State> states = subjects.pictures().stream()
                .map(picture -> new State(picture, weight))
                .toList();
        long runs = (long) searches * (steps + 1);
        for (int search = 0; search < searches; search++) {
            states.forEach(State::begin);
            for (int step = 0; step <= steps; step++) {
                List<float[]> places = states.stream().map(State::place).toList();
                Victim.Slopes slopes = victim.slopes(Loss.MARGIN, places, subjects.classes());
                for (int row = 0; row < rows; row++) {
                    step(
                            states.get(row),
                            subjects.pictures().get(row),
                            places.get(row),
                            subjects.direction() * (double) slopes.losses()[row],
                            subjects.direction(),
                            slopes.gradients()[row],
                            step + 1);
                }
                progress.report((long) search * (steps + 1) + step + 1, runs);
            }
            states.forEach(State::choose);
        }
        long[] queries = new long[rows];
        Arrays.fill(queries, runs + SHORTENINGS);
        List<float[]> found = new ArrayList<>();
        for (State state : states) {
            found.add(state.best.orElseGet(state::place));
        }
        shorten(victim, subjects, states, found);
        return new Crafted(found, queries);
    }

    /** Shortens each change by bisection as far as the attack still succeeds. */
    private void shorten(Victim victim, Subjects subjects, List<State> states, List<float[]> found) {
        int[] rows = IntStream.range(0, found.size())
                .filter(row -> states.get(row).best.isPresent())
                .toArray();
        double[] low = new double[rows.length];
        double[] high = new double[rows.length];
        Arrays.fill(high, 1);
        for (int half = 0; half < SHORTENINGS && rows.length > 0; half++) {
            List<float[]> tried = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                tried.add(between(
                        subjects.pictures().get(rows[i]),
                        states.get(rows[i]).best.orElseThrow(),
                        0.5 * (low[i] + high[i])));
            }
            Victim.Slopes slopes =
                    victim.slopes(Loss.MARGIN, tried, subjects.of(rows).classes());
            for (int i = 0; i < rows.length; i++) {
                double margin = subjects.direction() * (double) slopes.losses()[i];
                if (margin > 0 && margin >= confidence) {
                    high[i] = 0.5 * (low[i] + high[i]);
                    found.set(rows[i], tried.get(i));
                } else {
                    low[i] = 0.5 * (low[i] + high[i]);
                }
            }
        }
    }

    private static float[] between(float[] from, float[] to, double share) {
        float[] place = new float[from.length];
        for (int i = 0; i < place.length; i++) {
            place[i] = (float) (from[i] + share * ((double) to[i] - from[i]));
        }
        return place;
    }

    private void step(
            State state, float[] picture, float[] place, double margin, int direction, float[] gradient, int count) {
        double square = 0;
        for (int i = 0; i < place.length; i++) {
            square += (place[i] - picture[i]) * (double) (place[i] - picture[i]);
        }
        if (margin > 0 && margin >= confidence) {
            state.reached = true;
            if (square < state.least) {
                state.least = square;
                state.best = Optional.of(place);
            }
        }
        boolean pushed = margin < Math.max(confidence, Double.MIN_VALUE);
        double firstShare = 1 - Math.pow(FIRST_DECAY, count);
        double secondShare = 1 - Math.pow(SECOND_DECAY, count);
        for (int i = 0; i < place.length; i++) {
            double slope = 2.0 * (place[i] - picture[i]) - (pushed ? state.c * direction * gradient[i] : 0);
            slope *= 2.0 * place[i] * (1 - place[i]);
            state.first[i] = FIRST_DECAY * state.first[i] + (1 - FIRST_DECAY) * slope;
            state.second[i] = SECOND_DECAY * state.second[i] + (1 - SECOND_DECAY) * slope * slope;
            state.point[i] -= rate
                    * (1 - (count - 1.0) / (steps + 1))
                    * (state.first[i] / firstShare)
                    / (Math.sqrt(state.second[i] / secondShare) + LEAST);
        }
    }
}
