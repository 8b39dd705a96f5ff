package dev.vitrine.study.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Parts;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptCodesTest {
    private static final Model MODEL = Nets.architecture("vgg-small");
    private static final List<ChannelLayer> LAYERS = ChannelLayer.stages(MODEL);

    @TempDir
    private Path folder;

    private final AtomicInteger read = new AtomicInteger();

    private PictureList pictures(int count) {
        return new PictureList() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public String name(int index) {
                return index + ".png";
            }

            @Override
            public Picture read(int index) {
                read.incrementAndGet();
                byte[] rgb = new byte[64 * 64 * 3];
                new Random(index).nextBytes(rgb);
                return Picture.wrap(64, 64, rgb);
            }

            @Override
            public String content(int index) {
                return "content " + index;
            }
        };
    }

    /** How many pictures were read to get the codes. */
    private int read(int count, List<ChannelLayer> layers, Pooling pooling) {
        read.set(0);
        KeptCodes kept = new KeptCodes(folder, Map.of());
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            StudyContext context = StudyContext.of(session, Watcher.NONE, Parts.none());
            CodeTable table = kept.of(new CodeExtraction(MODEL, pictures(count), layers, pooling, folder), context)
                    .result();
            assertThat(table.files())
                    .extracting(CodeTable.Layer::layer)
                    .containsExactlyElementsOf(
                            layers.stream().map(ChannelLayer::name).toList());
            assertThat(table.pictures()).hasSize(count);
        }
        return read.get();
    }

    @Test
    void codesAreComputedOnceAndOnlyWhatIsMissing() {
        List<ChannelLayer> first = LAYERS.subList(0, 1);
        assertThat(read(5, first, Pooling.MEAN)).isEqualTo(5);
        assertThat(read(5, first, Pooling.MEAN)).isZero();
        assertThat(read(5, LAYERS.subList(0, 2), Pooling.MEAN)).isEqualTo(5);
        assertThat(read(5, LAYERS.subList(0, 2), Pooling.MEAN)).isZero();
        assertThat(read(5, LAYERS.subList(1, 2), Pooling.MEAN)).isZero();
        assertThat(read(5, first, Pooling.MAX)).isEqualTo(5);
        assertThat(read(6, first, Pooling.MAX)).isEqualTo(6);
    }

    @Test
    void positionsAreComputedOnce() {
        List<ChannelLayer> first = LAYERS.subList(0, 1);
        assertThat(first.get(0).places()).isGreaterThan(1);
        assertThat(read(4, first, Pooling.POSITIONS)).isEqualTo(4);
        assertThat(read(4, first, Pooling.POSITIONS)).isZero();
    }

    @Test
    void aDamagedTableIsComputedAgain() throws IOException {
        read(4, LAYERS.subList(0, 1), Pooling.MEAN);
        try (var files = Files.list(folder)) {
            Path table = files.filter(file -> file.toString().endsWith(".npy"))
                    .findFirst()
                    .orElseThrow();
            Files.write(table, new byte[] {1, 2, 3});
        }
        assertThat(read(4, LAYERS.subList(0, 1), Pooling.MEAN)).isEqualTo(4);
    }
}
