package dev.vitrine.lens.metric;

import java.util.List;

/**
 * A score sₖ at shares pₖ of changed pixels, from 0 to 1; area = Σ (pₖ − pₖ₋₁)(sₖ + sₖ₋₁)/2. Petsiuk et al. 2018,
 * arXiv:1806.07421.
 */
public record Curve(List<Double> shares, List<Double> scores) {
    public Curve {
        shares = List.copyOf(shares);
        scores = List.copyOf(scores);
        if (shares.size() != scores.size() || shares.size() < 2) {
            throw new IllegalArgumentException(
                    shares.size() + " shares and " + scores.size() + " scores: expected as many, at least two");
        }
        for (int index = 1; index < shares.size(); index++) {
            if (!(shares.get(index) > shares.get(index - 1))) {
                throw new IllegalArgumentException("shares " + shares + ": expected rising ones");
            }
        }
    }

    public double area() {
        double area = 0;
        for (int index = 1; index < shares.size(); index++) {
            area += (shares.get(index) - shares.get(index - 1)) * (scores.get(index) + scores.get(index - 1)) / 2;
        }
        return area;
    }

    /** The mean of curves over the same shares. */
    public static Curve mean(List<Curve> curves) {
        List<Double> shares = curves.get(0).shares;
        if (curves.stream().anyMatch(curve -> !curve.shares.equals(shares))) {
            throw new IllegalArgumentException("curves over different shares have no mean");
        }
        List<Double> means = new java.util.ArrayList<>();
        for (int index = 0; index < shares.size(); index++) {
            int place = index;
            means.add(curves.stream()
                    .mapToDouble(curve -> curve.scores.get(place))
                    .average()
                    .orElseThrow());
        }
        return new Curve(shares, means);
    }
}
