package dev.vitrine.study.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapClustersTest {
    /** A soft spot about a place, on a bit of noise. */
    private static EvidenceMap spot(double x, double y, Random random) {
        float[] values = new float[64 * 48];
        double shiftedX = x + 3 * random.nextGaussian();
        double shiftedY = y + 3 * random.nextGaussian();
        for (int index = 0; index < values.length; index++) {
            double across = index % 64 - shiftedX;
            double down = index / 64 - shiftedY;
            values[index] = (float) (Math.exp(-(across * across + down * down) / 60) + 0.02 * random.nextDouble());
        }
        return EvidenceMap.of(Tensor.floats(values, 48, 64));
    }

    @Test
    void evidenceIsSharedOutToTheCellsItFallsInto() {
        float[] values = new float[48 * 48];
        values[0] = 3;
        values[47 * 48 + 47] = 1;
        values[100] = -50;
        EvidenceMap map = EvidenceMap.of(Tensor.floats(values, 48, 48));
        assertThat(map.shares()[0]).isEqualTo(0.75f);
        assertThat(map.shares()[24 * 24 - 1]).isEqualTo(0.25f);
        assertThat(map.place()).isEqualTo("top left");
        // 7 pixels over 24 cells: the middle one covers cells 10.29 to 13.71.
        float[] few = new float[7 * 7];
        few[24] = 5;
        EvidenceMap spread = EvidenceMap.of(Tensor.floats(few, 7, 7));
        double inner = 7 / 24.0;
        assertThat((double) spread.shares()[12 * 24 + 12]).isCloseTo(inner * inner, within(1e-6));
        assertThat(spread.place()).isEqualTo("center");
        assertThat(sum(spread)).isCloseTo(1, within(1e-5));
        assertThat(sum(EvidenceMap.of(Tensor.floats(new float[49], 7, 7)))).isCloseTo(1, within(1e-5));
    }

    @Test
    void theBorderAndAnEvenMapAreNamed() {
        float[] ring = new float[48 * 48];
        for (int index = 0; index < ring.length; index++) {
            int row = index / 48;
            int column = index % 48;
            boolean outer = Math.min(Math.min(row, 47 - row), Math.min(column, 47 - column)) < 6;
            ring[index] = outer ? 1 : 0.1f;
        }
        assertThat(EvidenceMap.of(Tensor.floats(ring, 48, 48)).place()).isEqualTo("border");
        assertThat(EvidenceMap.of(Tensor.floats(ring, 48, 48)).border()).isCloseTo(0.886, within(1e-3));
        EvidenceMap even = EvidenceMap.of(Tensor.floats(new float[48 * 48], 48, 48));
        assertThat(even.border()).isCloseTo(even.evenBorder(), within(1e-6));
        assertThat(EvidenceMap.of(Tensor.floats(new float[48 * 48], 48, 48)).place())
                .isEqualTo("everywhere");
    }

    private static double sum(EvidenceMap map) {
        double sum = 0;
        for (float share : map.shares()) {
            sum += share;
        }
        return sum;
    }

    @Test
    void distanceIsNoneForTheSameAndOneForDisjointMaps() {
        float[] one = new float[48 * 48];
        float[] other = new float[48 * 48];
        one[0] = 1;
        other[500] = 1;
        EvidenceMap first = EvidenceMap.of(Tensor.floats(one, 48, 48));
        assertThat(first.distance(first)).isZero();
        assertThat(first.distance(EvidenceMap.of(Tensor.floats(other, 48, 48)))).isCloseTo(1, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void mapsOfThreeKindsComeOutAsThreeClusters(long seed) {
        Random random = new Random(seed);
        List<EvidenceMap> maps = new ArrayList<>();
        List<Integer> kinds = new ArrayList<>();
        for (int index = 0; index < 60; index++) {
            int kind = index % 6 == 0 ? 1 : index % 6 == 1 ? 2 : 0;
            kinds.add(kind);
            maps.add(
                    switch (kind) {
                        case 1 -> spot(6, 42, random);
                        case 2 -> spot(58, 5, random);
                        default -> spot(32, 24, random);
                    });
        }
        List<List<Integer>> clusters = new MapClusters(seed).of(maps);
        assertThat(clusters).extracting(List::size).containsExactly(40, 10, 10);
        for (List<Integer> cluster : clusters) {
            Set<Integer> found = new TreeSet<>();
            cluster.forEach(member -> found.add(kinds.get(member)));
            assertThat(found).hasSize(1);
        }
        assertThat(new MapClusters(seed).of(maps)).isEqualTo(clusters);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void mapsOfOneKindStayTogether(long seed) {
        Random random = new Random(seed);
        List<EvidenceMap> maps = new ArrayList<>();
        for (int index = 0; index < 50; index++) {
            maps.add(spot(32, 24, random));
        }
        assertThat(new MapClusters(seed).of(maps)).hasSize(1);
        assertThat(new MapClusters(OptionalInt.of(4), 6, seed).of(maps)).hasSize(4);
        assertThat(new MapClusters(seed).of(maps.subList(0, 3))).hasSize(1);
        assertThat(new MapClusters(seed).of(maps.subList(0, 1))).containsExactly(List.of(0));
    }
}
