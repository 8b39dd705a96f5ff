package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The pictures of a folder, a zip archive or IDX files, sorted by name, each decoded when it is asked for. The folder that holds a
 * picture names its class, as in {@code n02124075/tabby.jpg}.
 *
 * <p>Several threads may read from one source.
 */
public final class PictureSource implements PictureList, AutoCloseable {
    private static final int MOST_ENTRY_BYTES = 256 << 20;
    private static final String EXPECTED = "a folder or a zip archive of pictures, or an IDX file";

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

    private record Folder(Path path, List<String> notes) implements PictureStorage {
        @Override
        public List<String> names() throws IOException {
            List<String> names = new ArrayList<>();
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = path.relativize(file).toString().replace(File.separatorChar, '/');
                    if (Files.isRegularFile(file)) {
                        names.add(name);
                    } else if (!Files.isDirectory(file)
                            && !PictureListing.of(List.of(name)).taken().isEmpty()) {
                        notes.add("left out " + name
                                + (Files.exists(file) ? ", a device, a pipe or a socket." : ", a link to nothing."));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (file.equals(path)) {
                        throw failure;
                    }
                    notes.add("left out " + path.relativize(file) + ", which cannot be looked into ("
                            + RegularFile.reason(failure) + ").");
                    return FileVisitResult.CONTINUE;
                }
            });
            List<String> others = OwnResults.without(path, names);
            if (others.size() < names.size()) {
                notes.add("left out " + (names.size() - others.size())
                        + " pictures that Vitrine wrote; name a folder of them alone, or the files, to take them.");
            }
            return others;
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

    private record Archive(Path path, ZipFile zip) implements PictureStorage {
        @Override
        public List<String> names() {
            return zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        /** Whatever the archive says of an entry's size, no more than a bound is unpacked, and only of a picture. */
        @Override
        public Picture read(String name) throws IOException {
            String full = path + "!" + name;
            byte[] bytes;
            try (InputStream stream = new BufferedInputStream(zip.getInputStream(zip.getEntry(name)))) {
                stream.mark(PictureKind.HEAD_BYTES);
                PictureReader.requirePicture(full, stream.readNBytes(PictureKind.HEAD_BYTES));
                stream.reset();
                bytes = OneFile.guarded(full, () -> unpacked(full, stream));
            }
            return PictureReader.read(full, bytes);
        }

        private static byte[] unpacked(String name, InputStream stream) {
            try {
                byte[] bytes = stream.readNBytes(MOST_ENTRY_BYTES + 1);
                if (bytes.length > MOST_ENTRY_BYTES) {
                    throw VitrineException.failure(name + ": larger than " + (MOST_ENTRY_BYTES >> 20)
                            + " MiB; pictures in archives are read up to that size. Unpack the archive.");
                }
                return bytes;
            } catch (IOException damaged) {
                throw VitrineException.failure(
                        name + ": cannot be unpacked (" + RegularFile.reason(damaged) + "). Make the archive again.",
                        damaged);
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
    private record Borrowed(PictureStorage lender) implements PictureStorage {
        @Override
        public List<String> names() throws IOException {
            return lender.names();
        }

        @Override
        public List<String> notes() {
            return List.of();
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
    private final PictureStorage storage;
    private final List<Entry> entries;
    private final List<String> notes;
    private final Map<Integer, String> contents = new ConcurrentHashMap<>();

    private PictureSource(Path path, PictureStorage storage, List<Entry> entries, List<String> notes) {
        this.path = path;
        this.storage = storage;
        this.entries = entries;
        this.notes = notes;
    }

    /**
     * Lists the pictures of a folder or zip archive, told by their file extensions: photos, or arrays where there is no
     * photo, or those of IDX files where there is neither; hidden files are passed over. Of an IDX file, its pictures.
     */
    public static PictureSource open(Path folderOrZip) {
        if (!Files.isDirectory(folderOrZip)) {
            if (!Files.exists(folderOrZip)) {
                throw VitrineException.failure(folderOrZip + ": no such folder or file; expected " + EXPECTED);
            }
            RegularFile.require(folderOrZip, EXPECTED);
        }
        PictureSource source = OneFile.guarded(folderOrZip.toString(), () -> {
            try {
                return listed(folderOrZip);
            } catch (IOException failure) {
                throw VitrineException.failure(
                        folderOrZip + ": neither a folder nor a readable zip archive nor an IDX file of pictures ("
                                + RegularFile.reason(failure) + ")",
                        failure);
            }
        });
        if (source.size() == 0) {
            source.close();
            String notes = source.notes.stream()
                    .map(note -> " It " + note.replace("left out", "holds"))
                    .collect(Collectors.joining());
            throw VitrineException.failure(folderOrZip + ": holds no pictures; expected files such as CLASS/NAME.jpg ("
                    + PictureKind.EXPECTED + ")." + notes);
        }
        return source;
    }

    private static PictureSource listed(Path path) throws IOException {
        if (IdxPictures.isIdx(path)) {
            IdxStorage idx = IdxStorage.ofFile(new Folder(path.toAbsolutePath().getParent(), List.of()), path);
            return new PictureSource(path, idx, entries(idx.names()), idx.notes());
        }
        PictureStorage storage = storage(path);
        PictureListing listing = PictureListing.of(storage.names());
        List<String> notes = Stream.concat(listing.notes().stream(), storage.notes().stream())
                .toList();
        Optional<IdxStorage> idx =
                listing.taken().isEmpty() ? IdxStorage.of(storage, path.toString()) : Optional.empty();
        return idx.isPresent()
                ? new PictureSource(
                        path, idx.get(), entries(idx.get().names()), idx.get().notes())
                : new PictureSource(path, storage, entries(listing.taken()), notes);
    }

    private static List<Entry> entries(List<String> names) {
        return names.stream().map(Entry::of).toList();
    }

    private static PictureStorage storage(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Folder(path, new ArrayList<>());
        }
        try {
            return new Archive(path, new ZipFile(path.toFile()));
        } catch (ZipException notUtf8) {
            // What archivers before 2007 wrote in place of UTF-8.
            return new Archive(path, new ZipFile(path.toFile(), Charset.forName("IBM437")));
        }
    }

    /** What was left out, and what was taken of a mix: the end of a sentence about the folder or archive each. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public String name(int index) {
        return entries.get(index).name();
    }

    /** At most so many of the pictures, evenly taken; it can be read as long as this source is open. */
    public PictureSource evenly(int most) {
        int count = Math.min(most, size());
        List<Entry> taken = IntStream.range(0, count)
                .mapToObj(index -> entries.get((int) ((long) index * size() / count)))
                .toList();
        return new PictureSource(path, new Borrowed(storage), taken, notes);
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

    @Override
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
    @Override
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
            long left = Files.isDirectory(path) ? LARGEST_BYTES : MOST_ENTRY_BYTES;
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
