package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The pictures of several paths, in their order: files, and all that folders, zip archives and IDX files hold. Pictures of
 * the same name from different paths are told apart by the folders above them.
 */
public final class PicturePaths implements PictureList, AutoCloseable {
    /** A picture of one of the paths. */
    private record Place(Path path, PictureList source, int index) {
        String name() {
            return source.name(index);
        }

        /** With so many of the path's last steps before it; a file's own name is the last of them. */
        String name(int steps) {
            Path whole = path.toAbsolutePath().normalize();
            Path above = source instanceof OnePicture ? whole.getParent() : whole;
            int from = Math.max(0, above.getNameCount() - steps);
            return (from == above.getNameCount() ? name() : above.subpath(from, above.getNameCount()) + "/" + name())
                    .replace('\\', '/');
        }
    }

    private record OnePicture(Path path) implements PictureList {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String name(int index) {
            return path.getFileName().toString();
        }

        @Override
        public Picture read(int index) {
            return PictureReader.read(path);
        }

        @Override
        public String content(int index) {
            return Files.isRegularFile(path) && Files.isReadable(path) ? Digest.of(path) : "unreadable";
        }
    }

    private final List<PictureSource> sources = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<String> names;
    private final List<String> notes = new ArrayList<>();

    private PicturePaths(List<Path> paths) {
        try {
            paths.forEach(this::add);
        } catch (VitrineException broken) {
            close();
            throw broken;
        }
        this.names = apart(places);
    }

    public static PicturePaths open(List<Path> paths) {
        return new PicturePaths(paths);
    }

    private void add(Path path) {
        if (!Files.exists(path)) {
            throw VitrineException.failure(path + ": no such file; expected a picture or a folder of pictures");
        }
        PictureList list = new OnePicture(path);
        if (Files.isDirectory(path)
                || path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")
                || IdxPictures.isIdx(path)) {
            PictureSource source = PictureSource.open(path);
            sources.add(source);
            source.notes().forEach(note -> notes.add(path + ": " + note));
            list = source;
        }
        PictureList all = list;
        IntStream.range(0, all.size())
                .mapToObj(index -> new Place(path, all, index))
                .forEach(places::add);
    }

    /** Names of which none is there twice: those that would be with as few steps of their paths as it takes. */
    private static List<String> apart(List<Place> places) {
        List<String> names = new ArrayList<>(places.stream().map(Place::name).toList());
        int deepest = places.stream()
                .mapToInt(place -> place.path().toAbsolutePath().getNameCount())
                .max()
                .orElse(0);
        for (int steps = 1; steps <= deepest; steps++) {
            Map<String, Integer> counts = new HashMap<>();
            names.forEach(name -> counts.merge(name, 1, Integer::sum));
            if (counts.size() == names.size()) {
                break;
            }
            for (int index = 0; index < names.size(); index++) {
                if (counts.get(names.get(index)) > 1) {
                    names.set(index, places.get(index).name(steps));
                }
            }
        }
        return List.copyOf(names);
    }

    /** What of the paths was left out, a sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public String name(int index) {
        return names.get(index);
    }

    @Override
    public Picture read(int index) {
        Place place = places.get(index);
        return place.source().read(place.index());
    }

    @Override
    public String content(int index) {
        Place place = places.get(index);
        return place.source().content(place.index());
    }

    @Override
    public void close() {
        sources.forEach(PictureSource::close);
    }
}
