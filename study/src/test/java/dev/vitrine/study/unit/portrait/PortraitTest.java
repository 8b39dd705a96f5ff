package dev.vitrine.study.unit.portrait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.unit.dead.DeadSearch;
import dev.vitrine.study.unit.dead.DeadUnits;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.Examples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One unit looked at closely, against what the other passes say of it. */
class PortraitTest {
    private static final int PICTURES = 11;

    @TempDir
    private Path folder;

    private final Model model = Nets.architecture("vgg-small");
    private final ChannelLayer layer = ChannelLayer.stages(model).get(2);

    @BeforeEach
    void pictures() throws IOException {
        for (int index = 0; index < PICTURES; index++) {
            Random random = new Random(index);
            BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 64 * 64; pixel++) {
                image.setRGB(pixel % 64, pixel / 64, random.nextInt(1 << 24) | 0xff << 8 * (index % 3));
            }
            ImageIO.write(image, "png", folder.resolve(index + ".png").toFile());
        }
    }

    @Test
    void agreesWithTheSearchAndTheCountOfDeadUnits() {
        UnitName unit = UnitName.parse(layer.name() + ":1", model);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder)) {
            Portrait portrait = new PortraitStudy(model, source, unit, 4)
                    .run(StudyContext.of(session))
                    .result();
            Examples examples = ExampleSearch.of(model, source, List.of(layer), 4, 4)
                    .run(StudyContext.of(session))
                    .result();
            assertThat(portrait.strongest())
                    .extracting(Example::picture)
                    .isEqualTo(examples.strongest(0, 1).stream()
                            .map(Example::picture)
                            .toList());
            assertThat(portrait.weakest())
                    .extracting(Example::picture)
                    .isEqualTo(examples.weakest(0, 1).stream()
                            .map(Example::picture)
                            .toList());
            DeadUnits.Channel counted = new DeadSearch(model, source, List.of(layer))
                    .run(StudyContext.of(session))
                    .result()
                    .layers()
                    .get(0)
                    .channels()
                    .get(1);
            assertThat(portrait.silentPlaces()).isCloseTo(counted.silent(), within(1e-6));
            assertThat(portrait.silentPictures()).isCloseTo(1 - counted.pictures(), within(1e-9));
            assertThat(portrait.mean()).isCloseTo(counted.mean(), within(1e-4));
            assertThat(portrait.maximum()).isCloseTo(counted.maximum(), within(1e-4));
            long values = IntStream.range(0, portrait.histogram().bins())
                    .mapToLong(portrait.histogram()::count)
                    .sum();
            assertThat(values).isEqualTo((long) PICTURES * layer.places());
            UnitName neuron = UnitName.parse(layer.name() + ":1,0,1", model);
            Portrait place = new PortraitStudy(model, source, neuron, 4)
                    .run(StudyContext.of(session))
                    .result();
            assertThat(place.strongest()).allMatch(example -> example.row() == 0 && example.column() == 1);
            assertThat(place.maximum()).isLessThanOrEqualTo(portrait.maximum() + 1e-4);
        }
    }

    @Test
    void namesThatMeanNoUnit() {
        assertThatThrownBy(() -> UnitName.parse(layer.name() + ":99999", model))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("has no channel 99999; expected 0 to " + (layer.channels() - 1));
        assertThatThrownBy(() -> UnitName.parse(layer.name() + ":0,0,500", model))
                .hasMessageContaining("has no column 500");
        assertThatThrownBy(() -> UnitName.parse(model.logits().name() + ":0,0,0", model))
                .hasMessageContaining("has no height and width");
    }

    @Test
    void aHistogramIsTheSameHoweverValuesCome() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            float[] values = new float[1 + random.nextInt(30)];
            for (int index = 0; index < values.length; index++) {
                double scale = Math.pow(10, random.nextInt(9) - 4);
                values[index] = random.nextInt(4) == 0 ? 0 : (float) (scale * random.nextGaussian());
            }
            Histogram whole = Histogram.of(values);
            int cut = random.nextInt(values.length);
            Histogram parts = Histogram.of(Arrays.copyOfRange(values, cut, values.length));
            for (int index = cut - 1; index >= 0; index--) {
                parts = Histogram.of(new float[] {values[index]}).and(parts);
            }
            assertThat(parts).usingRecursiveComparison().isEqualTo(whole);
            assertThat(whole.bins()).isBetween(1, 48);
            assertThat(Arrays.stream(whole.counts()).sum()).isEqualTo(values.length);
            for (float value : values) {
                assertThat(IntStream.range(0, whole.bins())
                                .filter(bin -> whole.edge(bin) <= value && value < whole.edge(bin + 1))
                                .mapToLong(whole::count)
                                .sum())
                        .isPositive();
            }
        }
    }

    @Test
    void correlationsAreThoseOfPearson() {
        float[][] others = {{1, 5, 7}, {2, 4, 7}, {4, 2, 7}, {3, 3, 7}};
        double[] values = {10, 20, 40, 30};
        Correlations correlations = IntStream.range(0, values.length)
                .mapToObj(index -> Correlations.of(values[index], others[index], 0, 3))
                .reduce(Correlations::and)
                .orElseThrow();
        assertThat(correlations.of(0)).isCloseTo(1, within(1e-12));
        assertThat(correlations.of(1)).isCloseTo(-1, within(1e-12));
        assertThat(correlations.of(2)).isZero();
        assertThat(correlations.largest(2)).containsExactly(0, 2);
    }
}
