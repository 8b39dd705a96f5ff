package dev.vitrine.lens.visualization.optimization;

/** x −= rate · m̂ / (√v̂ + ε), m and v the running means of the gradient and its square. Kingma and Ba 2014, arXiv:1412.6980. */
public record Adam(double rate) implements Optimizer {
    private static final double MOMENTUM = 0.9;
    private static final double SQUARE_MOMENTUM = 0.999;
    private static final double SMALL = 1e-8;

    public Adam {
        Optimizer.requireRate(rate);
    }

    @Override
    public String label() {
        return "adam " + rate;
    }

    @Override
    public Walk walk(int size) {
        float[] gradient = new float[size];
        float[] means = new float[size];
        float[] squares = new float[size];
        int[] steps = {0};
        return (place, function) -> {
            double value = function.at(place, gradient);
            steps[0]++;
            float meanShare = (float) (1 - MOMENTUM);
            float squareShare = (float) (1 - SQUARE_MOMENTUM);
            float unbiased = (float) Math.sqrt(1 - Math.pow(SQUARE_MOMENTUM, steps[0]));
            float length = (float) (rate / (1 - Math.pow(MOMENTUM, steps[0])) * unbiased);
            float small = (float) SMALL * unbiased;
            for (int i = 0; i < size; i++) {
                float slope = gradient[i];
                float mean = means[i] + meanShare * (slope - means[i]);
                float square = squares[i] + squareShare * (slope * slope - squares[i]);
                means[i] = mean;
                squares[i] = square;
                place[i] -= length * mean / ((float) Math.sqrt(square) + small);
            }
            return value;
        };
    }
}
