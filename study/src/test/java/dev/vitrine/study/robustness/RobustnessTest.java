package dev.vitrine.study.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RobustnessTest {
    private static final double CLOSE = 1e-12;

    private static Robustness of(Robustness.Classes classes, double clean, Robustness.Row... rows) {
        return new Robustness("net", classes, 100, clean, List.of(1, 5), List.of(rows), List.of());
    }

    private static Robustness.Row row(String id, double mild, double severe) {
        return new Robustness.Row(id, List.of(mild, severe), List.of(0.1, 0.3));
    }

    /** CE = .8 / .819324 and .6 / .6065; relative (.8 − .3) / (.819324 − .43478) and so on. */
    @Test
    void corruptionErrorsAreNormalizedByAlexNets() {
        Robustness net = of(
                Robustness.Classes.IMAGENET,
                0.3,
                row("fog", 0.7, 0.9),
                row("jpeg_compression", 0.5, 0.7),
                row("saturate", 0, 0));
        assertThat(net.meanCorruptionError().orElseThrow())
                .isCloseTo((0.8 / .819324 + 0.6 / .606500) / 2, within(CLOSE));
        assertThat(net.relativeMeanCorruptionError().orElseThrow())
                .isCloseTo((0.5 / (.819324 - .43478) + 0.3 / (.606500 - .43478)) / 2, within(CLOSE));
        assertThat(net.meanError()).isCloseTo(0.7, within(CLOSE));
        assertThat(net.errorAt(1)).isCloseTo(0.8, within(CLOSE));
        assertThat(net.meanFlipRate()).isCloseTo(0.2, within(CLOSE));
        assertThat(net.corruptionError(net.rows().get(2))).isEmpty();
    }

    @Test
    void otherClassesAreNotNormalized() {
        Robustness net = of(Robustness.Classes.OTHER, 0.3, row("fog", 0.7, 0.9));
        assertThat(net.meanCorruptionError()).isEmpty();
        assertThat(net.relativeMeanCorruptionError()).isEmpty();
    }

    @Test
    void extraCorruptionsAreCountedOnlyAlone() {
        Robustness net = of(Robustness.Classes.IMAGENET, 0.3, row("saturate", 0.4, 0.6));
        assertThat(net.meanError()).isCloseTo(0.5, within(CLOSE));
        assertThat(net.meanCorruptionError()).isEqualTo(Optional.empty());
    }

    @Test
    void alexNetHasAnErrorForEachCorruptionOfTheBenchmark() {
        Corruptions.ALL.stream()
                .filter(corruption -> corruption.suite() == Corruption.Suite.BENCHMARK)
                .forEach(corruption ->
                        assertThat(PublishedErrors.of(corruption.id())).isBetween(PublishedErrors.CLEAN, 1.0));
    }

    @Test
    void versionsAreThePictureAndEachCorruptionAtEachSeverity() {
        RobustnessPlan plan =
                new RobustnessPlan(List.of("contrast", "brightness"), List.of(2, 4), RobustnessPlan.Encoding.NONE, 3);
        Picture picture = Picture.filled(8, 8, 0x204060);
        assertThat(plan.versions()).isEqualTo(5);
        assertThat(plan.version(picture, 0)).isEqualTo(picture);
        assertThat(plan.version(picture, 2))
                .isEqualTo(Corruptions.find("contrast").apply(picture, 4, 3));
        assertThat(plan.version(picture, 3))
                .isEqualTo(Corruptions.find("brightness").apply(picture, 2, 3));
    }

    @Test
    void wrongPlans() {
        assertThatThrownBy(() -> new RobustnessPlan(List.of("fog"), List.of(3, 1), RobustnessPlan.Encoding.NONE, 0))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("[3, 1]");
        assertThatThrownBy(() -> new RobustnessPlan(List.of("fog"), List.of(6), RobustnessPlan.Encoding.NONE, 0))
                .hasMessageContaining("severity 6");
        assertThatThrownBy(() -> new RobustnessPlan(List.of(), List.of(1), RobustnessPlan.Encoding.NONE, 0))
                .hasMessageContaining("0 corruptions");
    }
}
