package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The pictures of a folder or a zip archive, sorted by name, each decoded when it is asked for. The folder that holds a
 * picture names its class, as in {@code n02124075/tabby.jpg}.
 *
 * <p>Several threads may read from one source.
 */
public final class PictureSource implements AutoCloseable {
    private static final Set<String> EXTENSIONS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "npy");

    /** No picture has more; of what has, such as an archive's entry that never ends, no more is read. */
    private static final long LARGEST_BYTES = 1L << 30;

    /**
     * One picture, not yet read.
     *
     * @param className name of the folder that holds it; empty for a picture at the top
     * @param name path within the source, with {@code /} between folders
     */
    public record Entry(String className, String name) {
        private static Entry of(String name) {
            String[] steps = name.split("/");
            return new Entry(steps.length > 1 ? steps[steps.length - 2] : "", name);
        }
    }

    private sealed interface Storage extends AutoCloseable permits Folder, Archive, Borrowed {
        Stream<String> names() throws IOException;

        Picture read(String name) throws IOException;

        /** The bytes of a file. */
        InputStream bytes(String name) throws IOException;

        @Override
        void close() throws IOException;
    }

    private record Folder(Path path) implements Storage {
        @Override
        public Stream<String> names() throws IOException {
            try (Stream<Path> files = Files.walk(path)) {
                return files
                        .filter(Files::isRegularFile)
                        .map(file -> path.relativize(file).toString().replace(File.separatorChar, '/'))
                        .toList()
                        .stream();
            }
        }

        @Override
        public Picture read(String name) {
            return PictureReader.read(path.resolve(name));
        }

        @Override
        public InputStream bytes(String name) throws IOException {
            return Files.newInputStream(path.resolve(name));
        }

        @Override
        public void close() {}
    }

    private record Archive(Path path, ZipFile zip) implements Storage {
        @Override
        public Stream<String> names() {
            return zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName);
        }

        @Override
        public Picture read(String name) throws IOException {
            try (InputStream stream = zip.getInputStream(zip.getEntry(name))) {
                return PictureReader.read(path + "!" + name, stream.readAllBytes());
            }
        }

        @Override
        public InputStream bytes(String name) throws IOException {
            return zip.getInputStream(zip.getEntry(name));
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /** Another source's, which closes it. */
    private record Borrowed(Storage lender) implements Storage {
        @Override
        public Stream<String> names() throws IOException {
            return lender.names();
        }

        @Override
        public Picture read(String name) throws IOException {
            return lender.read(name);
        }

        @Override
        public InputStream bytes(String name) throws IOException {
            return lender.bytes(name);
        }

        @Override
        public void close() {}
    }

    private final Path path;
    private final Storage storage;
    private final List<Entry> entries;
    private final Map<Integer, String> contents = new ConcurrentHashMap<>();

    private PictureSource(Path path, Storage storage, List<Entry> entries) {
        this.path = path;
        this.storage = storage;
        this.entries = entries;
    }

    private static PictureSource listed(Path path, Storage storage) throws IOException {
        List<Entry> entries = storage.names()
                .filter(PictureSource::isPicture)
                .sorted()
                .map(Entry::of)
                .toList();
        return new PictureSource(path, storage, entries);
    }

    /** Lists the pictures of a folder or zip archive, told by their file extensions; hidden files are passed over. */
    public static PictureSource open(Path folderOrZip) {
        if (!Files.exists(folderOrZip)) {
            throw VitrineException.failure(
                    folderOrZip + ": no such folder or file; expected a folder or a zip archive of pictures");
        }
        PictureSource source;
        try {
            source = listed(folderOrZip, storage(folderOrZip));
        } catch (IOException failure) {
            throw VitrineException.failure(
                    folderOrZip + ": neither a folder nor a readable zip archive (" + failure.getMessage() + ")",
                    failure);
        }
        if (source.size() == 0) {
            source.close();
            throw VitrineException.failure(folderOrZip + ": holds no pictures; expected files such as CLASS/NAME.jpg ("
                    + PictureKind.EXPECTED + ")");
        }
        return source;
    }

    private static Storage storage(Path path) throws IOException {
        return Files.isDirectory(path) ? new Folder(path) : new Archive(path, new ZipFile(path.toFile()));
    }

    private static boolean isPicture(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return EXTENSIONS.contains(extension)
                && Stream.of(name.split("/")).noneMatch(step -> step.startsWith(".") || step.equals("__MACOSX"));
    }

    public int size() {
        return entries.size();
    }

    /** At most so many of the pictures, evenly taken; it can be read as long as this source is open. */
    public PictureSource evenly(int most) {
        int count = Math.min(most, size());
        List<Entry> taken = IntStream.range(0, count)
                .mapToObj(index -> entries.get((int) ((long) index * size() / count)))
                .toList();
        return new PictureSource(path, new Borrowed(storage), taken);
    }

    /** All pictures, sorted by name. */
    public List<Entry> entries() {
        return entries;
    }

    /** Names of the classes, sorted. */
    public List<String> classNames() {
        return entries.stream().map(Entry::className).distinct().sorted().toList();
    }

    /** Names of the folders at the top that hold no picture, sorted; an archive names none. */
    public List<String> emptyFolders() {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .filter(name ->
                            entries.stream().noneMatch(entry -> entry.name().startsWith(name + "/")))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw VitrineException.failure(path + ": cannot be listed (" + failure.getMessage() + ")", failure);
        }
    }

    /** Decodes a picture; the errors are those of {@link PictureReader}. */
    public Picture read(int index) {
        String name = entries.get(index).name();
        try {
            return storage.read(name);
        } catch (IOException failure) {
            throw VitrineException.failure(
                    path + "!" + name + ": cannot be read (" + failure.getMessage() + ")", failure);
        }
    }

    /**
     * Digest of a picture's bytes, whatever its name; computed once. A file that cannot be read has a digest of its own,
     * since it is left out.
     */
    public String content(int index) {
        return contents.computeIfAbsent(index, this::digest);
    }

    /** Digest of the pictures' contents in their order, whatever their names. */
    public String contents() {
        Digest all = Digest.begin();
        IntStream.range(0, size()).forEach(index -> all.add(content(index)));
        return all.hex();
    }

    private String digest(int index) {
        Digest digest = Digest.begin();
        byte[] chunk = new byte[1 << 16];
        try (InputStream stream = storage.bytes(entries.get(index).name())) {
            long left = LARGEST_BYTES;
            for (int count = stream.read(chunk); count >= 0 && left > 0; count = stream.read(chunk)) {
                digest.add(chunk, 0, count);
                left -= count;
            }
            return digest.hex();
        } catch (IOException unreadable) {
            return digest.add("unreadable").hex();
        }
    }

    @Override
    public void close() {
        try {
            storage.close();
        } catch (IOException failure) {
            throw VitrineException.failure(path + ": cannot be closed (" + failure.getMessage() + ")", failure);
        }
    }
}
