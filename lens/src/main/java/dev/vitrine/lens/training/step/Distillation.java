package dev.vitrine.lens.training.step;

/**
 * h · hard + (1 − h) · T² · KL(softmax(teacher/T) ‖ softmax(logits/T)): how much a network learns from labels, and how much
 * from another's probabilities. Hinton et al. 2015, arXiv:1503.02531.
 *
 * @param temperature T
 * @param hard h, the weight of the loss on the labels
 */
public record Distillation(double temperature, double hard) {
    public Distillation {
        if (!(temperature > 0 && temperature <= 100)) {
            throw new IllegalArgumentException("temperature " + temperature + ": expected above 0, at most 100");
        }
        if (!(hard >= 0 && hard < 1)) {
            throw new IllegalArgumentException("hard " + hard + ": expected from 0 to below 1");
        }
    }
}
