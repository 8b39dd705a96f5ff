package dev.vitrine.study.page;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.study.page.ExplanationPage.Bar;
import java.util.List;

/**
 * What a network says of one picture: a probability for each class, or plain numbers where it has none.
 *
 * @param scores {@code f32[1,classes]}
 */
public record Answer(Model model, Tensor scores) {
    private static final int BARS = 5;

    /** The likeliest classes, likeliest first; plain numbers in their own order. */
    public List<Bar> top() {
        double[] shown = Targets.shown(scores, model);
        return Targets.ranking(scores, model).stream()
                .limit(BARS)
                .map(index -> bar(model, index, shown[index]))
                .toList();
    }

    /** Of one class: {@code 80.2 %} or {@code 43.9}. */
    public String words(int index) {
        return words(Targets.shown(scores, model)[index]);
    }

    /** The same of any probability or number of this network. */
    public String words(double shown) {
        return words(model, shown);
    }

    /** A probability or number of a network, for people. */
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
