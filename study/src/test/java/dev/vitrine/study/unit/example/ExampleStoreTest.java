package dev.vitrine.study.unit.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.data.parquet.Column;
import dev.vitrine.lens.data.parquet.ParquetTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
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

    private ExampleSearch search(PictureSource source, int layer) {
        return ExampleSearch.of(model, source, layers.subList(layer, layer + 1), 2, 1);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        List<Probe> probes =
                List.of(Probe.of(layers.get(0)), Probe.of(layers.get(2)), Probe.random(layers.get(1), 3, 1));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            ExampleSearch search = new ExampleSearch(
                    model, source, probes, new ExampleSearch.Settings(3, 2, Summary.ABSOLUTE_MAXIMUM));
            Path file = folder.resolve("whole");
            assertThat(ExampleStore.read(file, search)).isEmpty();
            Outcome<Examples> outcome = search.run(StudyContext.of(session));
            ExampleStore.write(file, outcome, search);
            Outcome<Examples> read = ExampleStore.read(file, search).orElseThrow();
            assertThat(read.result().probes()).isEqualTo(outcome.result().probes());
            assertThat(read.unreadable()).isEqualTo(outcome.unreadable()).hasSize(1);
            assertThat(ExampleStore.answered(file, search).run(StudyContext.of(session)))
                    .isEqualTo(outcome);

            Outcome<Examples> one = ExampleStore.layer(file, session, source, layers.get(2));
            assertThat(one.result().summary()).isEqualTo(Summary.ABSOLUTE_MAXIMUM);
            assertThat(one.result().strongest(0, 1))
                    .isEqualTo(outcome.result().strongest(1, 1))
                    .hasSize(3);
            assertThat(one.unreadable()).isEqualTo(outcome.unreadable());
        }
    }

    /** Of a part of the pictures it is no answer, but a unit's examples can be told from it. */
    @Test
    void aPartIsMarkedAsSuch() {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            ExampleSearch search = search(source, 2);
            Watcher stopping = new Watcher() {
                private boolean begun;

                @Override
                public void report(long done, long total) {
                    begun = true;
                }

                @Override
                public void check() {
                    if (begun) {
                        throw new CancellationException("stopped");
                    }
                }
            };
            Outcome<Examples> part = search.run(StudyContext.of(session, stopping, Parts.none()));
            assertThat(part.missing()).contains("4 of 9 pictures");
            Path file = folder.resolve("part");
            ExampleStore.write(file, part, search);
            assertThat(ExampleStore.read(file, search)).isEmpty();
            Outcome<Examples> one = ExampleStore.layer(file, session, source, layers.get(2));
            assertThat(one.missing()).contains("4 of 9 pictures");
            assertThat(one.result().probes().get(0).strongest())
                    .allMatch(examples -> examples.stream().allMatch(example -> example.row() >= 0));
        }
    }

    @Test
    void anotherQuestionIsRefused() {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            Path file = folder.resolve("store");
            ExampleSearch search = search(source, 0);
            ExampleStore.write(file, search.run(StudyContext.of(session)), search);
            assertThatThrownBy(() -> ExampleStore.read(file, search(source, 1)))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("store holds the answer to another question: found 'layer")
                    .hasMessageContaining("remove this file");
            assertThatThrownBy(() -> ExampleStore.layer(file, session, source, layers.get(1)))
                    .hasMessageContaining("which it lacks")
                    .hasMessageContaining("vitrine examples");
        }
    }

    @Test
    void aStoreThatWasEditedIsReadOrRefused() {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder.resolve("pictures"))) {
            Path file = folder.resolve("store");
            ExampleSearch search = search(source, 0);
            ExampleStore.write(file, search.run(StudyContext.of(session)), search);
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
                    assertReadOrRefused(file, session, search, name + " " + value);
                }
            }
            edited(good, new Column.Integers("none", new int[good.rows()]), good.facts())
                    .write(file);
            assertReadOrRefused(file, session, search, "another column");
            for (String fact : good.facts().keySet()) {
                for (String value : List.of("", "x", "-1", "99999999999", "7", "7\n7 7\n\n", "\0")) {
                    Map<String, String> facts = new LinkedHashMap<>(good.facts());
                    facts.put(fact, value);
                    new ParquetTable(good.columns(), facts).write(file);
                    assertReadOrRefused(file, session, search, fact + " " + value);
                }
            }
            int[] elsewhere = good.column(Column.Integers.class, "picture")
                    .orElseThrow()
                    .values()
                    .clone();
            elsewhere[0] = 9;
            edited(good, new Column.Integers("picture", elsewhere), good.facts())
                    .write(file);
            assertThatThrownBy(() -> ExampleStore.read(file, search))
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

    private void assertReadOrRefused(Path file, ModelSession session, ExampleSearch search, String edit) {
        try {
            ExampleStore.read(file, search)
                    .ifPresent(outcome ->
                            assertThat(outcome.result().done()).as(edit).isEqualTo(9));
        } catch (VitrineException refused) {
            assertThat(refused).as(edit).hasMessageContaining("store");
        }
        try {
            ExampleStore.layer(file, session, search.pictures(), layers.get(0));
        } catch (VitrineException refused) {
            assertThat(refused).as(edit).hasMessageContaining("store");
        }
    }
}
