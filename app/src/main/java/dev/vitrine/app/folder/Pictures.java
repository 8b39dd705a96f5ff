package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.store.Question;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pictures that a person named: files, and all that folders and zip archives hold. */
public final class Pictures implements PictureList, AutoCloseable {
    private record Subject(Path named, String name, Supplier<Picture> picture, Supplier<String> content) {
        /** Behind the name of the file, folder or archive that holds it. */
        String longName() {
            Path parent = named.toAbsolutePath().normalize();
            Path holder = Files.isRegularFile(named) && parent.endsWith(name) ? parent.getParent() : parent;
            return holder.getFileName() == null ? name : holder.getFileName() + "/" + name;
        }
    }

    private final List<Subject> subjects = new ArrayList<>();
    private final List<String> names;
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
                                path, source.name(index), () -> source.read(index), () -> source.content(index)))
                        .forEach(subjects::add);
            } else {
                subjects.add(new Subject(
                        path, path.getFileName().toString(), () -> PictureReader.read(path), () -> content(path)));
            }
        }
        Map<String, Long> times =
                subjects.stream().collect(Collectors.groupingBy(Subject::name, Collectors.counting()));
        names = subjects.stream()
                .map(subject -> times.get(subject.name()) > 1 ? subject.longName() : subject.name())
                .toList();
    }

    @Override
    public int size() {
        return subjects.size();
    }

    /** Pictures of the same name are told apart by what holds them. */
    @Override
    public String name(int index) {
        return names.get(index);
    }

    @Override
    public Picture read(int index) {
        return subjects.get(index).picture().get();
    }

    @Override
    public String content(int index) {
        return subjects.get(index).content().get();
    }

    private static String content(Path path) {
        return Files.isRegularFile(path) && Files.isReadable(path) ? Digest.of(path) : "unreadable";
    }

    /** These pictures, by names, order and contents. */
    public Question onto(Question question) {
        return question.with(this);
    }

    @Override
    public void close() {
        sources.forEach(PictureSource::close);
    }
}
