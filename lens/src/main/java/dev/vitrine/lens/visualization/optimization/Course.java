package dev.vitrine.lens.visualization.optimization;

import java.util.ArrayList;
import java.util.List;

/** What the objective was at each step, before the step was taken, under that step's look. */
public final class Course {
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();

    /** The parts of a work in several searches, one after the other. */
    public static Course concatenated(List<Course> parts) {
        Course whole = new Course();
        for (Course part : parts) {
            whole.losses.addAll(part.losses);
            whole.scores.addAll(part.scores);
        }
        return whole;
    }

    void add(double loss, float[] each) {
        losses.add(loss);
        double sum = 0;
        for (float score : each) {
            sum += score;
        }
        scores.add(sum / each.length);
    }

    /** Mean score of the pictures. */
    public List<Double> scores() {
        return List.copyOf(scores);
    }

    /** Σ penalties − Σ scores. */
    public List<Double> losses() {
        return List.copyOf(losses);
    }
}
