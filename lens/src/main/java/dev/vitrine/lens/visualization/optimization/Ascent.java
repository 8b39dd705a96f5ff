package dev.vitrine.lens.visualization.optimization;

/**
 * x −= rate · g / mean |g|: steps of constant length, independent of the gradient's magnitude. Mordvintsev et al. 2015,
 * DeepDream.
 */
public record Ascent(double rate) implements Optimizer {
    public Ascent {
        Optimizer.requireRate(rate);
    }

    @Override
    public String label() {
        return "ascent " + rate;
    }

    @Override
    public Walk walk(int size) {
        float[] gradient = new float[size];
        return (place, function) -> {
            double value = function.at(place, gradient);
            double sum = 0;
            for (float slope : gradient) {
                sum += Math.abs(slope);
            }
            if (sum > 0) {
                float length = (float) (rate * size / sum);
                for (int i = 0; i < size; i++) {
                    place[i] -= length * gradient[i];
                }
            }
            return value;
        };
    }
}
