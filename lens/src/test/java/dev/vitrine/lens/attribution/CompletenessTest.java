package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How far the sum of integrated gradients is from the change of the score on trained networks; see {@code
 * docs/benchmarks/completeness.md} for what was measured.
 */
@Tag("slow")
@NeedsShared
class CompletenessTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    /**
     * At most 3 % with 50 steps and 0.5 % with 500, by the quadrature of {@code vitrine explain}, from black, on the
     * first pictures of an even sample on which the network is right. With 50 fixed steps it is less sure.
     *
     * @param sample pictures in the sample
     * @param few pictures with 50 steps
     * @param fewer pictures with 500 steps
     */
    @ParameterizedTest
    @CsvSource({"cifar10-resnet20, 30, 6, 3", "squeezenet-caltech101, 12, 4, 1", "tiny-darknet, 20, 3, 1"})
    void sumIsNearTheChangeOfScore(String name, int sample, int few, int fewer) {
        LabeledPictures pictures = LabeledPictures.of(name, sample);
        try (ModelSession session = new ModelSession(Nets.shared(name), Nets.RUNNER)) {
            int[] right = right(session, pictures);
            double[] at50 = gaps(session, pictures, Arrays.copyOf(right, few), 50, Quadrature.ADAPTIVE);
            double[] at500 = gaps(session, pictures, Arrays.copyOf(right, fewer), 500, Quadrature.ADAPTIVE);
            double[] fixed = gaps(session, pictures, Arrays.copyOf(right, few), 50, Quadrature.GAUSS_LEGENDRE);
            System.out.printf(
                    "%s: gaps at 50 steps %s %%, at 500 steps %s %%, at 50 fixed steps %s %%%n",
                    name, Arrays.toString(at50), Arrays.toString(at500), Arrays.toString(fixed));
            assertThat(Arrays.stream(at50).max().orElseThrow()).isLessThanOrEqualTo(3);
            assertThat(Arrays.stream(at500).max().orElseThrow()).isLessThanOrEqualTo(0.5);
            assertThat(median(at50)).isLessThan(median(fixed));
            assertThat(median(fixed)).isLessThan(10);
        }
    }

    private static int[] right(ModelSession session, LabeledPictures pictures) {
        long[] found = Nets.top(session.logits(pictures.images()));
        return java.util.stream.IntStream.range(0, pictures.size())
                .filter(i -> found[i] == pictures.classes()[i])
                .toArray();
    }

    /** 100 |Σ attribution − (score(x) − score(x₀))| / |score(x) − score(x₀)|, as the method's own note tells it. */
    private static double[] gaps(
            ModelSession session, LabeledPictures pictures, int[] which, int steps, Quadrature quadrature) {
        Explainer explainer = session.explainer(new IntegratedGradients(steps, quadrature, Baseline.BLACK), LOGIT);
        return Arrays.stream(which)
                .mapToDouble(i -> {
                    Explanation explanation = explainer.explain(
                            pictures.image(i), ModelSession.targets(pictures.classes()[i]), Progress.NONE);
                    String note = explanation.notes().get(0).get(0);
                    return Double.parseDouble(note.replaceAll(".*a gap of ([^ ]+) %.*", "$1"));
                })
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
