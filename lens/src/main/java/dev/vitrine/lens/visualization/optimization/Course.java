package dev.vitrine.lens.visualization.optimization;

import java.util.ArrayList;
import java.util.List;

/** The objective at each step, before the step and under its random transformation. */
public final class Course {
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();

    /** Concatenates the courses of successive searches. */
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
