package dev.vitrine.study.page;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.study.page.ExplanationPage.Bar;
import java.util.List;

/**
 * The prediction for one picture: a probability for each class, or raw scores if the output is not a distribution.
 *
 * @param scores {@code f32[1,classes]}
 */
public record Answer(Model model, Tensor scores) {
    private static final int BARS = 5;

    /** The most likely classes, most likely first; raw scores in class order. */
    public List<Bar> top() {
        double[] shown = Targets.shown(scores, model);
        return Targets.ranking(scores, model).stream()
                .limit(BARS)
                .map(index -> bar(model, index, shown[index]))
                .toList();
    }

    /** The value of one class: {@code 80.2 %} or {@code 43.9}. */
    public String words(int index) {
        return words(Targets.shown(scores, model)[index]);
    }

    /** Formats any probability or score of this network. */
    public String words(double shown) {
        return words(model, shown);
    }

    /** Formats a probability or raw score. */
    public static String words(Model model, double shown) {
        return bar(model, 0, shown).words();
    }

    private static Bar bar(Model model, int index, double shown) {
        return new Bar(
                model.display(index),
                shown,
                model.head().hasProbabilities() ? Bar.Measure.PROBABILITY : Bar.Measure.NUMBER);
    }
}
