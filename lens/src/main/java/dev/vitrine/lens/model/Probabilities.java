package dev.vitrine.lens.model;

import dev.vitrine.engine.tensor.Tensor;

/** softmax(z) of the class scores z, or z itself, within 0..1, where the network already puts out probabilities. */
public final class Probabilities {
    private Probabilities() {}

    /**
     * How likely each class is, 0..1.
     *
     * @param logits {@code f32[1,classes]}
     */
    public static double[] of(Tensor logits, Model model) {
        double[] values = new double[Math.toIntExact(logits.elements())];
        double largest = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < values.length; index++) {
            values[index] = logits.floats().get(index);
            largest = Math.max(largest, values[index]);
        }
        boolean already = switch (model.card().activation()) {
            case NONE -> false;
            case SOFTMAX -> model.logits().equals(model.output());
            case SIGMOID -> true;
        };
        double total = 0;
        for (int index = 0; index < values.length; index++) {
            values[index] = already ? Math.min(1, Math.max(0, values[index])) : Math.exp(values[index] - largest);
            total += values[index];
        }
        if (!already) {
            for (int index = 0; index < values.length; index++) {
                values[index] /= total;
            }
        }
        return values;
    }
}
