package dev.vitrine.study.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.ExampleStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stored results are keyed by changes with anything that happens to the pictures, and with nothing else. */
class ContentTest {
    private static final FileTime THEN = FileTime.fromMillis(1_600_000_000_000L);

    @TempDir
    private Path folder;

    private Path pictures;

    /** Something that happens to a folder between two runs. */
    private interface Change {
        void happen(Path pictures) throws IOException;
    }

    private static final Map<String, Change> CHANGES = new TreeMap<>(Map.of(
            "replaced under the same name, size and time",
            pictures -> {
                Files.write(pictures.resolve("a/1.bmp"), bitmap(99));
                Files.setLastModifiedTime(pictures.resolve("a/1.bmp"), THEN);
            },
            "one byte of the last",
            pictures -> Files.write(pictures.resolve("b/4.bmp"), bitmap(5)),
            "renamed",
            pictures -> Files.move(pictures.resolve("a/1.bmp"), pictures.resolve("a/1x.bmp")),
            "moved to another class",
            pictures -> Files.move(pictures.resolve("a/2.bmp"), pictures.resolve("b/2.bmp")),
            "added",
            pictures -> Files.write(pictures.resolve("b/5.bmp"), bitmap(5)),
            "added, equal to another",
            pictures -> Files.write(pictures.resolve("b/5.bmp"), bitmap(4)),
            "removed",
            pictures -> Files.delete(pictures.resolve("b/4.bmp")),
            "exchanged",
            pictures -> {
                Files.move(pictures.resolve("a/1.bmp"), pictures.resolve("x"));
                Files.move(pictures.resolve("b/3.bmp"), pictures.resolve("a/1.bmp"));
                Files.move(pictures.resolve("x"), pictures.resolve("b/3.bmp"));
            },
            "cut",
            pictures -> Files.write(pictures.resolve("a/1.bmp"), new byte[] {'B', 'M'})));

    /** A picture of one pixel. */
    private static byte[] bitmap(int blue) {
        byte[] bytes = new byte[58];
        byte[] head = {'B', 'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24};
        System.arraycopy(head, 0, bytes, 0, head.length);
        bytes[34] = 4;
        bytes[54] = (byte) blue;
        return bytes;
    }

    @BeforeEach
    void pictures() throws IOException {
        pictures = folder.resolve("pictures");
        for (int number = 1; number <= 4; number++) {
            Path file = pictures.resolve(number <= 2 ? "a" : "b").resolve(number + ".bmp");
            Files.createDirectories(file.getParent());
            Files.write(file, bitmap(number));
            Files.setLastModifiedTime(file, THEN);
        }
    }

    private Path copy(String name) throws IOException {
        Path target = folder.resolve(name);
        try (Stream<Path> files = Files.walk(pictures)) {
            for (Path file : files.toList()) {
                Path to = target.resolve(pictures.relativize(file).toString());
                Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return target;
    }

    private static Path zip(Path pictures, List<String> order) throws IOException {
        Path file =
                pictures.resolveSibling(pictures.getFileName() + order.get(0).replace('/', '-') + ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : order) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(Files.readAllBytes(pictures.resolve(name)));
            }
        }
        return file;
    }

    private static <T> T with(Path path, Function<PictureSource, T> work) {
        try (PictureSource source = PictureSource.open(path)) {
            return work.apply(source);
        }
    }

    private static String fingerprint(Path path) {
        return with(path, source -> LabeledPictures.of(path, source, List.of()).fingerprint());
    }

    private static ExampleSearch search(Model model, PictureSource source) {
        return ExampleSearch.of(model, source, ChannelLayer.stages(model).subList(0, 1), 2, 1);
    }

    private static String question(Path path) {
        Model model = Nets.architecture("vgg-small");
        return with(path, source -> search(model, source).question().text());
    }

    @Test
    void everyChangeOfThePicturesChangesTheKeys() throws IOException {
        List<String> fingerprints = new ArrayList<>(List.of(fingerprint(pictures)));
        List<String> questions = new ArrayList<>(List.of(question(pictures)));
        for (Change change : CHANGES.values()) {
            Path other = copy("changed" + fingerprints.size());
            change.happen(other);
            fingerprints.add(fingerprint(other));
            questions.add(question(other));
        }
        assertThat(fingerprints).doesNotHaveDuplicates().hasSize(CHANGES.size() + 1);
        assertThat(questions).doesNotHaveDuplicates();
    }

    @Test
    void theSamePicturesElsewhereHaveTheSameKeys() throws IOException {
        Path other = copy("other");
        Files.setLastModifiedTime(other.resolve("a/1.bmp"), FileTime.fromMillis(0));
        Path one = zip(other, List.of("a/1.bmp", "a/2.bmp", "b/3.bmp", "b/4.bmp"));
        Path two = zip(other, List.of("b/4.bmp", "a/2.bmp", "b/3.bmp", "a/1.bmp"));
        for (Path path : List.of(other, one, two)) {
            assertThat(fingerprint(path)).isEqualTo(fingerprint(pictures));
            assertThat(question(path)).isEqualTo(question(pictures));
        }
    }

    @Test
    void ofAPartOnlyThatPartCounts() throws IOException {
        Path other = copy("other");
        Files.write(other.resolve("b/4.bmp"), bitmap(77));
        Function<PictureSource, String> half = source -> source.evenly(2).contents();
        assertThat(with(pictures, half)).isEqualTo(with(other, half));
        assertThat(with(pictures, PictureSource::contents)).isNotEqualTo(with(other, PictureSource::contents));
    }

    /** Examples of a picture that was replaced under its name are those of the old one: another question. */
    @Test
    void storedExamplesOfReplacedPicturesAreRefused() throws IOException {
        Model model = Nets.architecture("vgg-small");
        Path file = folder.resolve("store");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(pictures)) {
            ExampleSearch search = search(model, source);
            ExampleStore.write(file, search.run(StudyContext.of(session)), search);
            assertThat(ExampleStore.read(file, search)).isPresent();
        }
        CHANGES.forEach((name, change) -> {
            try {
                Path other = copy(name);
                change.happen(other);
                assertThatThrownBy(() -> with(other, source -> ExampleStore.read(file, search(model, source))))
                        .as(name)
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("other pictures");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
