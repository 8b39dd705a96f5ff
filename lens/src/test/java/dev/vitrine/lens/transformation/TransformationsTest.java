package dev.vitrine.lens.transformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransformationsTest {
    private static Picture noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(2).nextBytes(rgb);
        return Picture.wrap(width, height, rgb);
    }

    static List<Transformation> all() {
        return Transformations.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void amountsAscendAndNoneChangesNothing(Transformation transformation) {
        assertThat(transformation.amounts()).isSorted().doesNotHaveDuplicates();
        Picture picture = noise(56, 40);
        Picture same = transformation.version(picture, transformation.origin());
        if (transformation.id().equals("rotation")) {
            // Within the disc.
            assertThat(same.rgb().get(3 * (20 * 56 + 28)))
                    .isEqualTo(picture.rgb().get(3 * (20 * 56 + 28)));
            assertThat(same.rgb().get(0)).isEqualTo((byte) 128);
        } else {
            assertThat(same).isEqualTo(picture);
        }
        int last = transformation.amounts().size() - 1;
        assertThat(transformation.version(picture, last)).isNotEqualTo(same);
        assertThat(transformation.version(picture, last)).isEqualTo(transformation.version(picture, last));
    }

    /** On a picture of 224 an amount is a pixel, positive downward and to the right. */
    @Test
    void translationsAreInPixels() {
        Picture picture = noise(224, 224);
        Picture moved = Transformations.find("vertical-translation").change().apply(picture, 10);
        assertThat(moved.rgb().get(3 * (30 * 224 + 7))).isEqualTo(picture.rgb().get(3 * (20 * 224 + 7)));
        assertThat(moved.rgb().get(0)).isEqualTo((byte) 128);
        Picture right = Transformations.find("horizontal-translation").change().apply(picture, -10);
        assertThat(right.rgb().get(3 * (30 * 224 + 7))).isEqualTo(picture.rgb().get(3 * (30 * 224 + 17)));
    }

    /** A quarter of a turn counterclockwise: what was on the right is on top. */
    @Test
    void quartersOfATurnAreExact() {
        Picture picture = noise(64, 64);
        Picture turned = Transformations.find("rotation").change().apply(picture, 90);
        assertThat(turned.rgb().get(3 * (10 * 64 + 32))).isEqualTo(picture.rgb().get(3 * (32 * 64 + 53)));
        Picture four = picture;
        for (int turn = 0; turn < 4; turn++) {
            four = Transformations.find("rotation").change().apply(four, 90);
        }
        assertThat(four).isEqualTo(Transformations.find("rotation").change().apply(picture, 0));
    }

    private static List<Double> course(int period, double depth) {
        return IntStream.range(0, 36)
                .mapToObj(index -> index == 0 ? 0 : 1 - depth * Math.pow(Math.cos(Math.PI * index / period), 2))
                .toList();
    }

    @Test
    void symmetriesAreFoundByTheirPeriod() {
        assertThat(RotationSymmetry.of(course(9, 0.5)).orElseThrow().degrees()).isEqualTo(90);
        assertThat(RotationSymmetry.of(course(18, 0.5)).orElseThrow().degrees()).isEqualTo(180);
        assertThat(RotationSymmetry.of(course(6, 0.5)).orElseThrow().degrees()).isEqualTo(60);
        assertThat(RotationSymmetry.of(course(9, 0.5)).orElseThrow().dip()).isCloseTo(0.5, within(0.02));
    }

    @Test
    void flatAndRisingCurvesHaveNone() {
        assertThat(RotationSymmetry.of(course(9, 0.05))).isEmpty();
        assertThat(RotationSymmetry.of(course(36, 0.9))).isEmpty();
        Random random = new Random(4);
        assertThat(RotationSymmetry.of(IntStream.range(0, 36)
                        .mapToObj(index -> index == 0 ? 0 : 0.9 + 0.1 * random.nextDouble())
                        .toList()))
                .isEmpty();
        assertThat(RotationSymmetry.of(course(9, 0))).isEmpty();
    }

    @Test
    void unknownNames() {
        assertThatThrownBy(() -> Transformations.find("shear"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("'shear'")
                .hasMessageContaining("rotation");
    }
}
