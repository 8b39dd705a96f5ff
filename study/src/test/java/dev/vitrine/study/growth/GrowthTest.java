package dev.vitrine.study.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Growth of two convolutions whose weights go from one random draw to another. */
class GrowthTest {
    private static final int SIDE = 12;

    @TempDir
    private Path folder;

    @BeforeEach
    void pictures() throws IOException {
        Random random = new Random(2);
        for (int index = 0; index < 20; index++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                image.setRGB(pixel % SIDE, pixel / SIDE, random.nextInt(0x1000000));
            }
            ImageIO.write(
                    image,
                    "png",
                    folder.resolve(String.format("%02d.png", index)).toFile());
        }
    }

    /**
     * {@code share} of the way from the first draw to the last; the last kernel of the second layer ends as 0 and −1.
     */
    private static Model at(double share, int channels) {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
        Value first =
                builder.node("Relu", builder.node("Conv", image, builder.constant("w1", mixed(share, 1, 5, 3, 3, 3))));
        float[] kernels = mixed(share, 2, channels, 5, 3, 3).toFloats();
        float[] bias = new float[channels];
        for (int index = (channels - 1) * 45; index < kernels.length; index++) {
            kernels[index] *= (float) (1 - share);
        }
        bias[channels - 1] = (float) -share;
        Value second = builder.node(
                "Relu",
                builder.node(
                        "Conv",
                        first,
                        builder.constant("w2", Tensor.floats(kernels, channels, 5, 3, 3)),
                        builder.constant("b2", Tensor.floats(bias, channels))));
        Value means =
                builder.node("Flatten", Attributes.NONE.with("axis", 1L), builder.node("GlobalAveragePool", second));
        Graph graph = builder.output(
                        builder.node("MatMul", means, builder.constant("head", mixed(share, 3, channels, 2))))
                .build();
        return Nets.open("growing", graph);
    }

    private static Tensor mixed(double share, long seed, long... shape) {
        float[] from = Nets.normal(seed, shape).toFloats();
        float[] to = Nets.normal(seed + 100, shape).toFloats();
        for (int index = 0; index < from.length; index++) {
            from[index] = (float) ((1 - share) * from[index] + share * to[index]);
        }
        return Tensor.floats(from, shape);
    }

    private GrowthReport grown(double... shares) {
        try (PictureSource source = PictureSource.open(folder)) {
            List<Growth.Unit> units =
                    List.of(new Growth.Unit("Relu", 0), new Growth.Unit("Relu_1", 1), new Growth.Unit("Relu_1", 3));
            Growth growth;
            List<Snapshot> snapshots = new ArrayList<>();
            try (ModelSession session = new ModelSession(at(shares[shares.length - 1], 4), Nets.RUNNER)) {
                growth = new Growth("last", session, source, new Growth.Plan(units, 20, 40), Progress.NONE);
            }
            for (int index = 0; index < shares.length - 1; index++) {
                try (ModelSession session = new ModelSession(at(shares[index], 4), Nets.RUNNER)) {
                    snapshots.add(growth.look("epoch-" + index, session, Progress.NONE));
                }
            }
            snapshots.add(growth.last());
            return new GrowthReport(
                    "growing", "noise", snapshots, growth.unreadable(), Optional.empty(), Map.of("seed", "0"));
        }
    }

    @Test
    void checkpointsThatAreTheSameAreAlikeInEverything() {
        GrowthReport report = grown(1, 1);
        Snapshot first = report.snapshots().get(0);
        assertThat(first.layers())
                .extracting(Snapshot.LayerState::layer)
                .containsExactly("Relu", "Relu_1", "Flatten", "MatMul");
        for (Snapshot.LayerState layer : first.layers()) {
            assertThat(layer.likeness()).isCloseTo(1, within(1e-9));
        }
        assertThat(first.weights()).extracting(Snapshot.Distance::distance).containsOnly(0.0);
        for (int unit = 0; unit < 3; unit++) {
            assertThat(report.jumps(1, unit)).isFalse();
        }
    }

    @Test
    void layersComeNearerToWhatTheyWillBe() {
        GrowthReport report = grown(0, 0.5, 0.9, 1);
        for (int layer = 0; layer < 2; layer++) {
            int index = layer;
            assertThat(report.snapshots())
                    .extracting(snapshot -> snapshot.weights().get(index).distance())
                    .isSortedAccordingTo((one, other) -> Double.compare(other, one));
            assertThat(report.snapshots().get(2).layers().get(index).likeness())
                    .isGreaterThan(report.snapshots().get(0).layers().get(index).likeness());
        }
    }

    @Test
    void theChannelThatDiesIsCountedAndNothingIsDrawnOfIt() {
        GrowthReport report = grown(0, 1);
        Snapshot.LayerState before = report.snapshots().get(0).layers().get(1);
        Snapshot.LayerState after = report.snapshots().get(1).layers().get(1);
        assertThat(before.dead()).contains(0);
        assertThat(after.dead()).contains(1);
        assertThat(report.snapshots().get(0).units().get(2).projection()).isPresent();
        assertThat(report.snapshots().get(1).units().get(2).projection()).isEmpty();
        assertThat(report.html()).contains("1 dead", "never<br>active");
        assertThat(report.json()).contains("\"jump\"").doesNotContain("NaN");
    }

    @Test
    void filtersAreThoseOfTheFirstLayerAndTheReportIsTheSameEachTime() {
        GrowthReport report = grown(0, 1);
        assertThat(report.snapshots().get(0).filters()).hasSize(5);
        assertThat(report.drawnLayers()).containsExactly("Relu", "Relu_1");
        assertThat(grown(0, 1).html()).isEqualTo(report.html());
        assertThat(new GrowthSheet(report).features("Relu_1").getWidth()).isGreaterThan(600);
        assertThat(new GrowthSheet(report).filters().getHeight()).isGreaterThan(2 * 35);
    }

    @Test
    void anotherNetworkIsRefusedWithTheFirstDifference() {
        try (PictureSource source = PictureSource.open(folder);
                ModelSession session = new ModelSession(at(1, 4), Nets.RUNNER);
                ModelSession other = new ModelSession(at(1, 6), Nets.RUNNER)) {
            Growth growth = new Growth("last", session, source, new Growth.Plan(List.of(), 20, 40), Progress.NONE);
            assertThatThrownBy(() -> growth.look("epoch-3", other, Progress.NONE))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("Checkpoint 'epoch-3' differs in architecture from 'last'")
                    .hasMessageContaining("w2 [6, 5, 3, 3]")
                    .hasMessageContaining("w2 [4, 5, 3, 3]");
        }
    }
}
