package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The pictures of IDX files, each as if it were a file in a folder of its class: {@code 7/00042} where a file of labels
 * lies beside, {@code 00042} where none does, below the name of the file where there are several.
 */
final class IdxStorage implements PictureStorage {
    /** One picture of a file. */
    private record Place(IdxPictures file, int index) {}

    private final PictureStorage files;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Place> places = new TreeMap<>();

    private IdxStorage(PictureStorage files, String where, List<String> images, List<String> names) {
        this.files = files;
        Set<String> used = new HashSet<>();
        for (String image : images) {
            IdxPictures pictures = IdxPictures.read(where + "!" + image, () -> files.bytes(image));
            Optional<String> labels = labels(image, names::contains);
            Optional<byte[]> classes =
                    labels.map(name -> IdxPictures.labels(where + "!" + name, () -> files.bytes(name)));
            classes.filter(found -> found.length != pictures.size()).ifPresent(found -> {
                throw VitrineException.failure(where + "!" + image + ": " + pictures.size() + " pictures, but "
                        + labels.get() + " has " + found.length + " labels; expected as many.");
            });
            used.add(image);
            labels.ifPresent(used::add);
            String above = images.size() == 1 ? "" : image + (classes.isPresent() ? "/" : "-");
            for (int index = 0; index < pictures.size(); index++) {
                int own = index;
                String below = classes.map(found -> (found[own] & 255) + "/").orElse("");
                places.put(String.format(Locale.ROOT, "%s%s%05d", above, below, index), new Place(pictures, index));
            }
        }
        notes.addAll(PictureListing.of(
                        names.stream().filter(name -> !used.contains(name)).toList())
                .notes());
        notes.addAll(files.notes());
    }

    /**
     * Where some of the files are IDX files of pictures.
     *
     * @param where the files lie, for errors
     */
    static Optional<IdxStorage> of(PictureStorage files, String where) throws IOException {
        List<String> names = files.names();
        List<String> images = names.stream()
                .filter(IdxStorage::isCalledSo)
                .filter(name -> IdxPictures.holdsPictures(() -> files.bytes(name)))
                .sorted()
                .toList();
        return images.isEmpty() ? Optional.empty() : Optional.of(new IdxStorage(files, where, images, names));
    }

    /**
     * Of one file, with the labels beside it.
     *
     * @param folder in which it lies
     */
    static IdxStorage ofFile(PictureStorage folder, Path file) {
        String image = file.getFileName().toString();
        List<String> names = new ArrayList<>(List.of(image));
        labels(image, name -> Files.isRegularFile(file.resolveSibling(name))).ifPresent(names::add);
        return new IdxStorage(folder, file.toString(), List.of(image), names);
    }

    private static boolean isCalledSo(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("idx") || lower.contains("ubyte");
    }

    /** The file of labels beside one of pictures, called as that of MNIST is, gzipped or not. */
    private static Optional<String> labels(String image, Predicate<String> exists) {
        String labels = image.replace("images", "labels").replace("idx3", "idx1");
        String other = labels.endsWith(".gz") ? labels.substring(0, labels.length() - 3) : labels + ".gz";
        return Stream.of(labels, other)
                .filter(name -> !labels.equals(image))
                .filter(exists)
                .findFirst();
    }

    @Override
    public List<String> names() {
        return List.copyOf(places.keySet());
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public Picture read(String name) {
        Place place = places.get(name);
        return place.file().picture(place.index());
    }

    @Override
    public InputStream bytes(String name) {
        Place place = places.get(name);
        byte[] values = place.file().values(place.index());
        byte[] size = (place.file().width() + "x" + place.file().height() + '\n').getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[size.length + values.length];
        System.arraycopy(size, 0, all, 0, size.length);
        System.arraycopy(values, 0, all, size.length, values.length);
        return new ByteArrayInputStream(all);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
