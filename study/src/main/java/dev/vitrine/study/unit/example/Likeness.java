package dev.vitrine.study.unit.example;

import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Are single units special? The mean pairwise correlation of class scores between the strongest pictures of a channel
 * or direction, averaged over channels. If units are no more coherent than random directions, single units carry no
 * more meaning than any direction of their layer: the question of Szegedy et al. 2013, arXiv:1312.6199, section 3,
 * who judged by eye. The measure is Vitrine's own.
 */
final class Likeness {
    private Likeness() {}

    /** One value per probe, −1..1; mean class scores are subtracted first, since some are high for every picture. */
    static Examples onto(Examples examples, ModelSession session, PictureList pictures) {
        Map<Integer, float[]> scores = scores(examples, session, pictures);
        List<Double> alike = examples.probes().stream()
                .map(probe -> probe.strongest().stream()
                        .mapToDouble(channel -> alike(channel, scores))
                        .average()
                        .orElse(0))
                .toList();
        return new Examples(examples.pictures(), examples.unreadable(), examples.summary(), examples.probes(), alike);
    }

    private static double alike(List<Example> examples, Map<Integer, float[]> scores) {
        double sum = 0;
        int pairs = 0;
        for (int one = 0; one < examples.size(); one++) {
            for (int other = 0; other < one; other++) {
                float[] left = scores.get(examples.get(one).picture());
                float[] right = scores.get(examples.get(other).picture());
                for (int index = 0; index < left.length; index++) {
                    sum += (double) left[index] * right[index];
                }
                pairs++;
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    /** Class scores of all pictures among the strongest of any channel, minus their mean; mean 0, length 1. */
    private static Map<Integer, float[]> scores(Examples examples, ModelSession session, PictureList pictures) {
        Map<Integer, float[]> scores = new TreeMap<>();
        examples.probes().stream()
                .flatMap(probe -> probe.strongest().stream())
                .flatMap(List::stream)
                .forEach(example -> scores.computeIfAbsent(
                        example.picture(),
                        picture -> session.logits(
                                        session.model().preprocessing().apply(pictures.read(picture)))
                                .toFloats()));
        int classes = (int) session.model().classes();
        float[] mean = new float[classes];
        scores.values().forEach(row -> add(mean, row, 1f / scores.size()));
        for (float[] row : scores.values()) {
            add(row, mean, -1);
            double average = 0;
            for (float value : row) {
                average += value / classes;
            }
            double square = 0;
            for (int index = 0; index < classes; index++) {
                row[index] -= (float) average;
                square += (double) row[index] * row[index];
            }
            for (int index = 0; index < classes && square > 0; index++) {
                row[index] /= (float) Math.sqrt(square);
            }
        }
        return scores;
    }

    private static void add(float[] sum, float[] row, float weight) {
        for (int index = 0; index < sum.length; index++) {
            sum[index] += weight * row[index];
        }
    }
}
