package dev.vitrine.study.explanation;

import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.PartText;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.PictureIndex;
import dev.vitrine.study.page.StoredCards;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finished parts of an explanation of several pictures: the results of each method for the pictures explained together,
 * then those pictures as a whole, then the pages. A part is valid while its files are unmodified.
 */
final class ExplanationParts {
    private final PartStore store;
    private final Path folder;

    /** Number of pictures on pages up to the end of each group stored with its cards. */
    private final Map<Integer, Integer> whole = new TreeMap<>();

    ExplanationParts(PartStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /**
     * Results of one method.
     *
     * @param refused why it has no results; may be empty
     * @param skipped pictures without finite results
     * @param cards of each picture
     */
    record Method(String refused, Map<String, String> skipped, List<List<Card>> cards) {}

    /**
     * Pictures that are explained together.
     *
     * @param names of the pictures with an entry in the folder
     * @param problems why others were left out
     * @param refused methods without results, with the reasons
     * @param skipped pictures for which a method has no finite results, with the reasons
     * @param subjects the results
     * @param taken number of pictures on pages up to here
     */
    record Group(
            List<String> names,
            List<String> problems,
            Map<String, String> refused,
            Map<String, String> skipped,
            List<Explanations.Subject> subjects,
            int taken) {}

    /**
     * @param images for the page; empty if their page is written
     */
    record Shown(Group group, List<Image> images) {}

    /**
     * A finished page.
     *
     * @param taken number of pictures on it and earlier pages
     * @param entries its pictures in the index
     */
    record Page(int taken, Path html, Path summary, List<PictureIndex.Entry> entries) {}

    /** A part, valid while its files are unmodified. */
    private <T> Optional<T> read(String name, PartStore.Reading<T> reading) {
        return store.read(
                        name,
                        input -> areThere(PartText.readMap(input))
                                ? Optional.of(reading.from(input))
                                : Optional.<T>empty())
                .flatMap(found -> found);
    }

    private boolean areThere(Map<String, String> files) {
        return files.entrySet().stream().allMatch(entry -> {
            Path file = folder.resolve(entry.getKey());
            return Files.isRegularFile(file) && Digest.of(file).equals(entry.getValue());
        });
    }

    private Map<String, String> digests(List<Card> cards) {
        Map<String, String> files = new LinkedHashMap<>();
        cards.stream()
                .flatMap(card -> card.files().stream())
                .forEach(file -> files.put(file, Digest.of(folder.resolve(file))));
        return files;
    }

    private static String group(int from) {
        return String.format(Locale.ROOT, "pictures-%06d", from);
    }

    private static String method(int from, String id) {
        return group(from) + "-" + id;
    }

    private static String page(int number) {
        return "page-" + number;
    }

    /** The results of a method for the pictures from an index on. */
    Optional<Method> method(int from, String id, int pictures) {
        return read(method(from, id), input -> {
                    String refused = PartText.read(input);
                    Map<String, String> skipped = PartText.readMap(input);
                    List<List<Card>> cards = new ArrayList<>();
                    for (int left = input.readInt(); left > 0; left--) {
                        cards.add(StoredCards.readCards(input));
                    }
                    return new Method(refused, skipped, cards);
                })
                .filter(found -> found.cards().size() == pictures);
    }

    void keep(int from, String id, Method method) {
        Map<String, String> files =
                digests(method.cards().stream().flatMap(List::stream).toList());
        store.write(method(from, id), output -> {
            PartText.write(files, output);
            PartText.write(method.refused(), output);
            PartText.write(method.skipped(), output);
            output.writeInt(method.cards().size());
            for (List<Card> cards : method.cards()) {
                StoredCards.write(cards, output);
            }
        });
    }

    /** The pictures from an index on. */
    Optional<Shown> group(int from, int covered) {
        Optional<Shown> found = read(group(from), input -> {
            Group group = readGroup(input);
            List<Image> images = new ArrayList<>();
            for (int left = input.readInt(); left > 0; left--) {
                images.add(StoredCards.readImage(input));
            }
            return new Shown(group, images);
        });
        found.map(Shown::group)
                .filter(group -> group.taken() > covered)
                .ifPresent(group -> whole.put(from, group.taken()));
        return found;
    }

    private static Group readGroup(DataInput input) throws IOException {
        return StudyJson.read(PartText.read(input), Group.class);
    }

    /** Replaces the results of each method. */
    void keep(int from, Shown shown, List<String> methods, int covered) {
        List<Card> cards =
                shown.images().stream().flatMap(image -> image.cards().stream()).toList();
        int taken = shown.group().taken();
        write(group(from), digests(cards), shown.group(), taken <= covered ? List.of() : shown.images());
        methods.forEach(id -> store.drop(method(from, id)));
        if (taken > covered) {
            whole.put(from, taken);
        }
    }

    private void write(String name, Map<String, String> files, Group group, List<Image> images) {
        store.write(name, output -> {
            PartText.write(files, output);
            PartText.write(StudyJson.text(group), output);
            output.writeInt(images.size());
            for (Image image : images) {
                StoredCards.write(image, output);
            }
        });
    }

    /** The page with this number, from 1. */
    Optional<Page> page(int number, Path html, Path summary) {
        return read(page(number), input -> {
            int taken = input.readInt();
            List<PictureIndex.Entry> entries = new ArrayList<>();
            for (int left = input.readInt(); left > 0; left--) {
                entries.add(PictureIndex.Entry.read(input));
            }
            return new Page(taken, html, summary, entries);
        });
    }

    /** Whether a page with this number was written, valid or not. */
    boolean hadPage(int number) {
        return store.read(page(number)).isPresent();
    }

    /** Stores a page in place of its cards. */
    void keep(int number, Page page) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Path file : List.of(page.html(), page.summary())) {
            files.put(folder.relativize(file).toString(), Digest.of(file));
        }
        store.write(page(number), output -> {
            PartText.write(files, output);
            output.writeInt(page.taken());
            output.writeInt(page.entries().size());
            for (PictureIndex.Entry entry : page.entries()) {
                entry.write(output);
            }
        });
        whole.entrySet().removeIf(entry -> {
            boolean written = entry.getValue() <= page.taken();
            if (written) {
                slim(entry.getKey());
            }
            return written;
        });
    }

    private void slim(int from) {
        store.read(group(from)).ifPresent(bytes -> {
            try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes))) {
                write(group(from), PartText.readMap(input), readGroup(input), List.of());
            } catch (IOException broken) {
                store.drop(group(from));
            }
        });
    }

    /** Unfinished files of a stopped run, deleted on resuming. */
    void partial(List<String> files) {
        store.write("partial", output -> {
            PartText.write(Map.of(), output);
            PartText.write(files, output);
        });
    }

    /** Deletes unfinished files. */
    void forgetPartial() {
        read("partial", PartText::readAll).orElse(List.of()).forEach(file -> {
            try {
                Files.deleteIfExists(folder.resolve(file));
            } catch (IOException kept) {
                throw new UncheckedIOException(kept);
            }
        });
        store.drop("partial");
    }

    void clear() {
        store.clear();
        whole.clear();
    }
}
