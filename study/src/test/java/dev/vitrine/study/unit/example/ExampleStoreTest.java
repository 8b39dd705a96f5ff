package dev.vitrine.study.unit.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.data.parquet.Column;
import dev.vitrine.lens.data.parquet.ParquetTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleStoreTest {
    @TempDir
    private Path folder;

    private final Model model = Nets.architecture("vgg-small");
    private final List<ChannelLayer> layers = ChannelLayer.stages(model);

    @BeforeEach
    void pictures() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int index = 0; index < 9; index++) {
            Random random = new Random(index);
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 32 * 32; pixel++) {
                image.setRGB(pixel % 32, pixel / 32, random.nextInt(1 << 24));
            }
            ImageIO.write(image, "png", pictures.resolve(index + ".png").toFile());
        }
        Files.writeString(pictures.resolve("2.png"), "no picture");
    }

    /** Stopped, written, read again and finished, the file is the same as that of a pass without a stop. */
    @Test
    void aPassThatIsResumedFromItsFileEndsTheSame() {
        ExampleSearch.Settings settings = new ExampleSearch.Settings(
                List.of(Probe.of(layers.get(0)), Probe.of(layers.get(2)), Probe.random(layers.get(1), 3, 1)),
                3,
                2,
                Summary.ABSOLUTE_MAXIMUM);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            ExampleSearch search = new ExampleSearch(session, source);
            ExampleStore.write(folder.resolve("whole"), search.run(settings, Progress.NONE), model, source);
            Examples part = ExampleSearch.begin(settings);
            assertThatThrownBy(() -> search.resume(part, (done, total) -> {
                        throw new CancellationException("stopped");
                    }))
                    .isInstanceOf(CancellationException.class);
            Path file = folder.resolve("part");
            ExampleStore.write(file, part, model, source);
            assertThat(file.toFile().length())
                    .isNotEqualTo(folder.resolve("whole").toFile().length());
            Examples resumed = ExampleStore.read(file, model, source, settings);
            assertThat(resumed.done()).isEqualTo(part.done()).isPositive();
            search.resume(resumed, Progress.NONE);
            ExampleStore.write(file, resumed, model, source);
            assertThat(file).hasSameBinaryContentAs(folder.resolve("whole"));

            Examples one = ExampleStore.layer(file, model, source, Probe.of(layers.get(2)));
            assertThat(one.settings().summary()).isEqualTo(Summary.ABSOLUTE_MAXIMUM);
            assertThat(one.strongest(0, 1)).isEqualTo(resumed.strongest(1, 1)).hasSize(3);
            assertThat(one.unreadable()).containsOnlyKeys(2);
        }
    }

    @Test
    void anotherQuestionIsRefused() {
        ExampleSearch.Settings settings = ExampleSearch.Settings.of(layers.subList(0, 1), 2, 1);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            Path file = folder.resolve("store");
            ExampleStore.write(file, new ExampleSearch(session, source).run(settings, Progress.NONE), model, source);
            ExampleSearch.Settings other = ExampleSearch.Settings.of(layers.subList(1, 2), 2, 1);
            assertThatThrownBy(() -> ExampleStore.read(file, model, source, other))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("store holds the answer to another question: found 'layer")
                    .hasMessageContaining("remove this one");
            assertThatThrownBy(() -> ExampleStore.layer(file, model, source, Probe.of(layers.get(1))))
                    .hasMessageContaining("which it lacks")
                    .hasMessageContaining("vitrine examples");
        }
    }

    @Test
    void aStoreThatWasEditedIsReadOrRefused() {
        ExampleSearch.Settings settings = ExampleSearch.Settings.of(layers.subList(0, 1), 2, 1);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            Path file = folder.resolve("store");
            ExampleStore.write(file, new ExampleSearch(session, source).run(settings, Progress.NONE), model, source);
            ParquetTable good = ParquetTable.read(file);
            for (String name : List.of("picture", "channel", "row", "column")) {
                for (int value : new int[] {-1, -7, 9, 1_000_000, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                    int[] edited = good.column(Column.Integers.class, name)
                            .orElseThrow()
                            .values()
                            .clone();
                    edited[0] = value;
                    edited(good, new Column.Integers(name, edited), good.facts())
                            .write(file);
                    assertReadOrRefused(file, source, settings, name + " " + value);
                }
            }
            edited(good, new Column.Integers("none", new int[good.rows()]), good.facts())
                    .write(file);
            assertReadOrRefused(file, source, settings, "another column");
            for (String fact : good.facts().keySet()) {
                for (String value : List.of("", "x", "-1", "99999999999", "7", "7\n7 7\n\n", "\0")) {
                    Map<String, String> facts = new LinkedHashMap<>(good.facts());
                    facts.put(fact, value);
                    new ParquetTable(good.columns(), facts).write(file);
                    assertReadOrRefused(file, source, settings, fact + " " + value);
                }
            }
            int[] elsewhere = good.column(Column.Integers.class, "picture")
                    .orElseThrow()
                    .values()
                    .clone();
            elsewhere[0] = 9;
            edited(good, new Column.Integers("picture", elsewhere), good.facts())
                    .write(file);
            assertThatThrownBy(() -> ExampleStore.read(file, model, source, settings))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("row 0 names picture 9 of 9");
        }
    }

    private static ParquetTable edited(ParquetTable table, Column other, Map<String, String> facts) {
        List<Column> columns = table.columns().stream()
                .map(column -> column.name().equals(other.name()) ? other : column)
                .toList();
        return new ParquetTable(columns, facts);
    }

    private void assertReadOrRefused(Path file, PictureSource source, ExampleSearch.Settings settings, String edit) {
        try {
            Examples examples = ExampleStore.read(file, model, source, settings);
            assertThat(examples.done()).as(edit).isBetween(0, source.size());
        } catch (VitrineException refused) {
            assertThat(refused).as(edit).hasMessageContaining("store");
        }
        try {
            ExampleStore.layer(file, model, source, settings.probes().get(0));
        } catch (VitrineException refused) {
            assertThat(refused).as(edit).hasMessageContaining("store");
        }
    }
}
