package dev.vitrine.lens.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against scikit-learn's numbers, which {@code embedding-reference.py} made; and what holds for any codes. */
class EmbeddingReferenceTest {
    private static final int ROWS = 60;
    private static final int COLUMNS = 8;
    private static final Map<String, double[]> REFERENCE = reference();

    private static Map<String, double[]> reference() {
        Map<String, double[]> lines = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                EmbeddingReferenceTest.class.getResourceAsStream("embedding-reference.txt"), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] words = line.split(" ");
                if (!line.startsWith("#")) {
                    lines.put(
                            words[0],
                            Arrays.stream(words)
                                    .skip(1)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return lines;
    }

    private static int[] labels() {
        return IntStream.range(0, ROWS).map(row -> row % 3).toArray();
    }

    /** The points of the script. */
    private static double[] points() {
        long state = 12345;
        double[] points = new double[ROWS * COLUMNS];
        for (int index = 0; index < points.length; index++) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            points[index] = state / 0x1p31 * (index % COLUMNS + 1);
        }
        for (int row = 0; row < ROWS; row++) {
            points[row * COLUMNS] += row % 3;
            points[row * COLUMNS + 3] += row % 3 == 1 ? 2 : 0;
        }
        return points;
    }

    private static Codes codes() {
        return Codes.of(points(), COLUMNS);
    }

    private static void requireClose(double[] found, double[] expected, double relative) {
        assertThat(found).hasSameSizeAs(expected);
        for (int index = 0; index < found.length; index++) {
            assertThat(found[index]).isCloseTo(expected[index], within(relative * Math.abs(expected[index])));
        }
    }

    @Test
    void principalComponents() {
        Pca pca = Pca.of(codes(), 4, Nets.RUNNER, 0, Progress.NONE);
        requireClose(pca.variances(), REFERENCE.get("variances"), 1e-9);
        requireClose(pca.ratios(), REFERENCE.get("ratios"), 1e-9);
        double[] scores = Arrays.stream(pca.project(codes(), Pca.Scaling.NONE, Nets.RUNNER))
                .map(Math::abs)
                .limit(20)
                .toArray();
        requireClose(scores, REFERENCE.get("scores"), 1e-7);
    }

    @Test
    void allComponentsGiveTheCodesBackAndWhiteningEqualVariances() {
        for (Pca.Scaling scaling : Pca.Scaling.values()) {
            Pca pca = Pca.of(codes(), COLUMNS, Nets.RUNNER, 0, Progress.NONE);
            double[] map = pca.project(codes(), scaling, Nets.RUNNER);
            double[] back = pca.inverse(map, scaling);
            for (int index = 0; index < back.length; index++) {
                assertThat(back[index]).isCloseTo(points()[index], within(1e-9));
            }
            assertThat(DoubleStream.of(pca.ratios()).sum()).isCloseTo(1, within(1e-12));
        }
        double[] white = Pca.of(codes(), COLUMNS, Nets.RUNNER, 0, Progress.NONE)
                .project(codes(), Pca.Scaling.WHITENED, Nets.RUNNER);
        double[] again = Pca.of(Codes.of(white, COLUMNS), COLUMNS, Nets.RUNNER, 0, Progress.NONE)
                .variances();
        assertThat(again).containsOnly(new double[] {1, 1, 1, 1, 1, 1, 1, 1}, within(1e-9));
    }

    /** More columns than rows, and more of both than are decomposed directly: the same as by the covariance. */
    @Test
    void everyWayToTheComponentsAgrees() {
        Random random = new Random(5);
        int rows = 40;
        int columns = 900;
        double[] values = new double[rows * columns];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextGaussian() * (1 + 3.0 / (1 + index % columns)) + index / columns % 3;
        }
        Codes wide = Codes.of(values, columns);
        Pca byColumns = Pca.of(wide, 5, Nets.RUNNER, 0, Progress.NONE);
        Pca byRows = Pca.byRows(wide, 5, new Products(Nets.RUNNER), 0, Progress.NONE);
        Pca iterated = Pca.iterated(wide, 5, new Products(Nets.RUNNER), 0, Progress.NONE);
        for (Pca other : new Pca[] {byRows, iterated}) {
            requireClose(other.variances(), byColumns.variances(), 1e-6);
            assertThat(other.total()).isCloseTo(byColumns.total(), within(1e-9 * byColumns.total()));
            double[] expected = byColumns.project(wide, Pca.Scaling.NONE, Nets.RUNNER);
            double[] found = other.project(wide, Pca.Scaling.NONE, Nets.RUNNER);
            for (int index = 0; index < found.length; index++) {
                assertThat(Math.abs(found[index])).isCloseTo(Math.abs(expected[index]), within(1e-3));
            }
        }
    }

    /** Far from 0, float32 would lose the differences. */
    @Test
    void codesFarFromZeroLoseNoDigits() {
        double[] far = Arrays.stream(points()).map(value -> value + 1e6).toArray();
        Pca pca = Pca.of(Codes.of(far, COLUMNS), 4, Nets.RUNNER, 0, Progress.NONE);
        requireClose(pca.variances(), REFERENCE.get("variances"), 1e-6);
    }

    @Test
    void linearDiscriminants() {
        Lda lda = Lda.of(codes(), labels(), 3, 2, 0, Nets.RUNNER, Progress.NONE);
        requireClose(lda.eigenvalues(), REFERENCE.get("eigenvalues"), 1e-7);
        int[] told = lda.classify(lda.project(codes(), Nets.RUNNER));
        double right = IntStream.range(0, ROWS)
                .filter(row -> told[row] == labels()[row])
                .count();
        assertThat(right / ROWS).isCloseTo(REFERENCE.get("separation")[0], within(1e-9));
    }

    @Test
    void constantColumnsChangeNoDiscriminant() {
        double[] more = new double[ROWS * (COLUMNS + 2)];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(points(), row * COLUMNS, more, row * (COLUMNS + 2), COLUMNS);
            more[row * (COLUMNS + 2) + COLUMNS] = 7;
        }
        Lda lda = Lda.of(Codes.of(more, COLUMNS + 2), labels(), 3, 2, 0, Nets.RUNNER, Progress.NONE);
        requireClose(lda.eigenvalues(), REFERENCE.get("eigenvalues"), 1e-7);
    }

    @Test
    void trustworthinessAndContinuity() {
        double[] map = new double[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            map[2 * row] = points()[row * COLUMNS];
            map[2 * row + 1] = points()[row * COLUMNS + 1];
        }
        MapQuality quality = MapQuality.of(
                points(),
                COLUMNS,
                map,
                2,
                nearest(points(), COLUMNS),
                nearest(map, 2),
                Optional.of(labels()),
                Nets.RUNNER);
        assertThat(quality.trustworthiness()).isCloseTo(REFERENCE.get("trustworthiness")[0], within(1e-9));
        assertThat(quality.continuity()).isCloseTo(REFERENCE.get("continuity")[0], within(1e-9));
    }

    /** Many columns take another way to the distances. */
    @Test
    void aMapOfItselfIsTrue() {
        double[] values = new Random(3).doubles(50L * 40).toArray();
        Neighbors nearest = nearest(values, 40);
        MapQuality quality =
                MapQuality.of(values, 40, values, 40, nearest, nearest, Optional.of(new int[50]), Nets.RUNNER);
        assertThat(quality.trustworthiness()).isEqualTo(1);
        assertThat(quality.preservation()).isEqualTo(1);
        assertThat(quality.distances()).isCloseTo(1, within(1e-12));
        assertThat(quality.purity()).contains(new MapQuality.Purity(1, 1));
        double[] shuffled = new Random(4).doubles(50L * 40).toArray();
        assertThat(MapQuality.of(
                                values, 40, shuffled, 40, nearest, nearest(shuffled, 40), Optional.empty(), Nets.RUNNER)
                        .trustworthiness())
                .isBetween(0.3, 0.7);
    }

    private static Neighbors nearest(double[] values, int columns) {
        try (ExactNeighbors search = new ExactNeighbors(Nets.RUNNER, values, columns, Distance.EUCLIDEAN)) {
            return search.ofKnown(12, Progress.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(Distance.class)
    void neighborsAreThoseOfAllPairs(Distance distance) {
        double[] values = points();
        System.arraycopy(values, 0, values, 5 * COLUMNS, COLUMNS);
        Arrays.fill(values, 9 * COLUMNS, 10 * COLUMNS, 0);
        try (ExactNeighbors search = new ExactNeighbors(Nets.RUNNER, values, COLUMNS, distance)) {
            Neighbors found = search.ofKnown(7, Progress.NONE);
            for (int point = 0; point < ROWS; point++) {
                int query = point;
                int[] expected = IntStream.range(0, ROWS)
                        .filter(other -> other != query)
                        .boxed()
                        .sorted((one, other) -> Double.compare(
                                apart(values, query, one, distance), apart(values, query, other, distance)))
                        .limit(7)
                        .mapToInt(Integer::intValue)
                        .toArray();
                for (int rank = 0; rank < 7; rank++) {
                    assertThat(found.distance(point, rank))
                            .isCloseTo(apart(values, point, expected[rank], distance), within(1e-5));
                    assertThat(apart(values, point, found.id(point, rank), distance))
                            .isCloseTo(found.distance(point, rank), within(1e-5));
                }
            }
            assertThat(found.id(0, 0)).isEqualTo(5);
            assertThat(search.of(Arrays.copyOfRange(values, 3 * COLUMNS, 4 * COLUMNS), 1, Progress.NONE)
                            .id(0, 0))
                    .isEqualTo(3);
        }
    }

    private static double apart(double[] values, int one, int other, Distance distance) {
        double squares = 0;
        double dot = 0;
        double ofOne = 0;
        double ofOther = 0;
        for (int column = 0; column < COLUMNS; column++) {
            double a = values[one * COLUMNS + column];
            double b = values[other * COLUMNS + column];
            squares += (a - b) * (a - b);
            dot += a * b;
            ofOne += a * a;
            ofOther += b * b;
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case COSINE -> ofOne * ofOther == 0 ? 1 : 1 - dot / Math.sqrt(ofOne * ofOther);
        };
    }

    @Test
    void whatCannotBeLaidOutIsNamed() {
        assertThatThrownBy(() -> Pca.of(codes(), 9, Nets.RUNNER, 0, Progress.NONE))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("from 1 to 8");
        assertThatThrownBy(() -> Pca.of(Codes.of(new double[40], 4), 2, Nets.RUNNER, 0, Progress.NONE))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("equal");
        assertThatThrownBy(() -> Lda.of(codes(), new int[ROWS], 1, 1, 0, Nets.RUNNER, Progress.NONE))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("one class");
    }
}
