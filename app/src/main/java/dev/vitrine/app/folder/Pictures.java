package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.store.Question;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The pictures that a person named: files, and all that folders and zip archives hold. */
public final class Pictures implements AutoCloseable {
    /** Decodes a picture. */
    private interface Reader {
        Picture read();
    }

    private record Subject(String name, Reader reader, Supplier<String> content) {}

    private final List<Subject> subjects = new ArrayList<>();
    private final List<PictureSource> sources = new ArrayList<>();

    public Pictures(List<Path> named, Terminal terminal) {
        for (Path path : named) {
            if (!Files.exists(path)) {
                close();
                throw VitrineException.failure(path + ": no such file; expected a picture or a folder of pictures");
            }
            String lower = path.toString().toLowerCase(Locale.ROOT);
            if (Files.isDirectory(path) || lower.endsWith(".zip")) {
                PictureSource source = OpenSource.of(path, terminal);
                sources.add(source);
                IntStream.range(0, source.size())
                        .mapToObj(index -> new Subject(
                                source.entries().get(index).name(),
                                () -> source.read(index),
                                () -> source.content(index)))
                        .forEach(subjects::add);
            } else {
                subjects.add(new Subject(
                        path.getFileName().toString(), () -> PictureReader.read(path), () -> content(path)));
            }
        }
    }

    public int count() {
        return subjects.size();
    }

    public String name(int index) {
        return subjects.get(index).name();
    }

    public Picture read(int index) {
        return subjects.get(index).reader().read();
    }

    /** These pictures, by names, order and contents. */
    public Question onto(Question question) {
        Digest digest = Digest.begin();
        subjects.forEach(
                subject -> digest.add(subject.name() + '\n' + subject.content().get() + '\n'));
        return question.with("pictures", count() + ", names and contents " + digest.hex());
    }

    private static String content(Path path) {
        return Files.isRegularFile(path) && Files.isReadable(path) ? Digest.of(path) : "unreadable";
    }

    @Override
    public void close() {
        sources.forEach(PictureSource::close);
    }
}
