package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.model.head.HeadKind;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The requested classes: the top-k of each picture, or given ones.
 *
 * @param likeliest how many; 0 where classes are named
 */
public record Targets(int likeliest, List<Integer> named) {
    public Targets {
        named = List.copyOf(named);
    }

    /**
     * The classes of one picture.
     *
     * @param scores {@code f32[1,classes]}
     */
    public List<Integer> of(Tensor scores, Model model) {
        return likeliest == 0 ? named : ranking(scores, model).subList(0, likeliest);
    }

    /** Whether more than one class per picture is requested. */
    public boolean areSeveral() {
        return likeliest > 1 || named.size() > 1;
    }

    /** All classes but a detector's background, the likeliest first, of equals the lower number; plain numbers in their own order. */
    public static List<Integer> ranking(Tensor scores, Model model) {
        float[] values = scores.toFloats();
        requireComparable(values);
        boolean classes =
                model.head().kind() != HeadKind.NUMBERS && model.head().kind() != HeadKind.EMBEDDING;
        OptionalInt background = model.head().background();
        return IntStream.range(0, values.length)
                .filter(index -> background.isEmpty() || index != background.getAsInt())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> classes ? -values[index] : index))
                .toList();
    }

    /** Probability of each class, 0..1, or the raw outputs if there are no classes. */
    public static double[] shown(Tensor scores, Model model) {
        requireComparable(scores.toFloats());
        return Probabilities.shown(scores, model);
    }

    private static void requireComparable(float[] scores) {
        for (float score : scores) {
            if (Float.isNaN(score) || score == Float.POSITIVE_INFINITY) {
                throw VitrineException.failure("The network's class scores for a picture are "
                        + (Float.isNaN(score) ? "NaN" : "infinite")
                        + "; expected finite numbers. Its weights or activations overflow: export it again, or check"
                        + " that the preprocessing gives the values that it was trained on.");
            }
        }
    }
}
