package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trained networks with their cards, read by the loader, are as often right as those who made them say. */
@Tag("slow")
@NeedsShared
class AccuracyTest {
    /**
     * Within three standard deviations of a share among that many pictures.
     *
     * @param least share of right answers that was measured elsewhere
     * @param most the same; 1 where most of the archive's pictures were trained on
     */
    @ParameterizedTest
    @CsvSource({
        "cifar10-resnet20, 500, 0.810, 0.810",
        "squeezenet-caltech101, 200, 0.885, 1.000",
        "tiny-darknet, 200, 0.653, 0.653"
    })
    void sharesOfRightAnswers(String name, int count, double least, double most) {
        Model model = Nets.trained(name);
        LabeledPictures pictures = LabeledPictures.of(name, count);
        long[] found;
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            found = Nets.top(session.logits(pictures.images()));
        }
        double right = IntStream.range(0, count)
                        .filter(i -> found[i] == pictures.classes()[i])
                        .count()
                / (double) count;
        System.out.printf("%s is right on %.1f %% of %d pictures%n", name, 100 * right, count);
        assertThat(right).isBetween(least - 3 * deviation(least, count), most + 3 * deviation(most, count));
    }

    private static double deviation(double share, int count) {
        return Math.sqrt(share * (1 - share) / count);
    }
}
