package dev.vitrine.study.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeExtractionTest {
    private static final Model MODEL = Nets.architecture("vgg-small");

    @TempDir
    private Path folder;

    /** Nine pictures of two classes; one is broken. */
    private static final PictureList PICTURES = new PictureList() {
        @Override
        public int size() {
            return 9;
        }

        @Override
        public String name(int index) {
            return (index % 2 == 0 ? "even/" : "odd/") + index + ".png";
        }

        @Override
        public Picture read(int index) {
            if (index == 4) {
                throw VitrineException.failure(name(index) + ": is broken");
            }
            byte[] rgb = new byte[64 * 64 * 3];
            new Random(index).nextBytes(rgb);
            return Picture.wrap(64, 64, rgb);
        }

        @Override
        public String content(int index) {
            return "content " + index;
        }
    };

    @ParameterizedTest
    @EnumSource(value = Pooling.class, names = "POSITIONS", mode = EnumSource.Mode.EXCLUDE)
    void rowsAreTheLayerOfEachReadablePicture(Pooling pooling) throws IOException {
        ChannelLayer layer = CodeLayers.activated(MODEL, ChannelLayer.all(MODEL).get(0));
        CodeExtraction codes = new CodeExtraction(MODEL, PICTURES, List.of(layer), pooling, folder);
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            Outcome<CodeTable> outcome = codes.run(StudyContext.of(session));
            List<Path> files = new CodeReport(Map.of()).write(outcome, folder);
            CodeReport.clean(codes);
            assertThat(folder.toFile().list()).hasSize(files.size());
            Tensor table = Npy.read(files.get(0));
            assertThat(table.shape()).containsExactly(8, columns(layer, pooling));
            float[] expected = expected(session, layer, pooling, PICTURES.read(7));
            assertThat(table.rows(6, 7).toFloats())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected);
        }
        assertThat(Files.readAllLines(folder.resolve("pictures.csv")))
                .hasSize(9)
                .element(5)
                .asString()
                .startsWith("odd/5.png,odd,");
        assertThat(Files.readAllLines(folder.resolve("classes.txt"))).containsExactly("even", "odd");
        assertThat(Npy.read(folder.resolve("labels.npy")).toLongs()).containsExactly(0, 1, 0, 1, 1, 0, 1, 0);
    }

    private static long columns(ChannelLayer layer, Pooling pooling) {
        return pooling == Pooling.WHOLE ? (long) layer.channels() * layer.places() : layer.channels();
    }

    private static float[] expected(ModelSession session, ChannelLayer layer, Pooling pooling, Picture picture) {
        float[] maps;
        try (Executable whole = session.runner().load(new Cut(List.of(layer.value())).apply(MODEL.graph()))) {
            maps = whole.run(Map.of(MODEL.input(), MODEL.preprocessing().apply(picture)))
                    .get(layer.value())
                    .toFloats();
        }
        if (pooling == Pooling.WHOLE) {
            return maps;
        }
        float[] pooled = new float[layer.channels()];
        for (int channel = 0; channel < pooled.length; channel++) {
            double sum = 0;
            float most = Float.NEGATIVE_INFINITY;
            for (int place = 0; place < layer.places(); place++) {
                float value = maps[channel * layer.places() + place];
                sum += value;
                most = Math.max(most, value);
            }
            pooled[channel] = pooling == Pooling.MAX ? most : (float) (sum / layer.places());
        }
        return pooled;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, Integer.MAX_VALUE})
    void positionsAreTheChannelsAtThePlacesTold(int most) {
        ChannelLayer layer = CodeLayers.activated(MODEL, ChannelLayer.all(MODEL).get(0));
        Positions positions = new Positions(OptionalInt.of(most), 5);
        CodeExtraction codes =
                new CodeExtraction(MODEL, PICTURES, List.of(layer), Pooling.POSITIONS, positions, folder);
        int each = Math.min(most, layer.places());
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            List<Path> files = new CodeReport(Map.of()).write(codes.run(StudyContext.of(session)), folder);
            Tensor table = Npy.read(files.get(0));
            long[] places = Npy.read(files.get(1)).toLongs();
            assertThat(table.shape()).containsExactly(8L * each, layer.channels());
            assertThat(places).hasSize(3 * 8 * each);
            float[] maps = expected(session, layer, Pooling.WHOLE, PICTURES.read(7));
            for (int row = 6 * each; row < 7 * each; row++) {
                assertThat(places[3 * row]).isEqualTo(6);
                int place = (int) (places[3 * row + 1] * layer.width() + places[3 * row + 2]);
                float[] channels = new float[layer.channels()];
                for (int channel = 0; channel < channels.length; channel++) {
                    channels[channel] = maps[channel * layer.places() + place];
                }
                assertThat(table.rows(row, row + 1).toFloats())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(channels);
            }
        }
    }

    @Test
    void picturesHaveTheirOwnDistinctPositions() {
        Positions.Grid grid = new Positions.Grid(20, 30, 50, 1);
        assertThat(grid.of(0)).hasSize(50).doesNotHaveDuplicates().isSorted().isEqualTo(grid.of(0));
        assertThat(grid.of(1)).isNotEqualTo(grid.of(0));
        assertThat(new Positions.Grid(20, 30, 50, 2).of(0)).isNotEqualTo(grid.of(0));
    }

    @Test
    void aLayerIsTakenAfterItsActivation() {
        ChannelLayer convolution = ChannelLayer.all(MODEL).get(0);
        ChannelLayer activated = CodeLayers.activated(MODEL, convolution);
        assertThat(MODEL.graph().producers().get(convolution.value()).operator())
                .isEqualTo("Conv");
        assertThat(MODEL.graph().producers().get(activated.value()).operator()).isEqualTo("Relu");
    }
}
