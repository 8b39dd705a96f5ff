package dev.vitrine.lens.visualization.optimization;

/** v = μ v − rate · g; x += v. Polyak 1964; used by Mahendran and Vedaldi 2015, arXiv:1412.0035. */
public record Momentum(double rate, double momentum) implements Optimizer {
    public Momentum {
        Optimizer.requireRate(rate);
        if (momentum < 0 || momentum >= 1) {
            throw new IllegalArgumentException("momentum " + momentum + ": expected 0 to below 1");
        }
    }

    @Override
    public String label() {
        return "momentum " + rate + ", " + momentum;
    }

    @Override
    public Walk walk(int size) {
        float[] gradient = new float[size];
        float[] speed = new float[size];
        return (place, function) -> {
            double value = function.at(place, gradient);
            for (int i = 0; i < size; i++) {
                speed[i] = (float) (momentum * speed[i] - rate * gradient[i]);
                place[i] += speed[i];
            }
            return value;
        };
    }
}
