package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.RegularFile;
import dev.vitrine.lens.data.Unzipped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as numbers: the words that occur often enough, most frequent first, of equal ones in alphabetical order.
 *
 * @param words the vocabulary
 * @param counts how often each occurs
 * @param tokens the text without other words; {@link #BREAK} between lines, over which no context reaches
 */
public record Text(List<String> words, long[] counts, int[] tokens) {
    static final int BREAK = -1;

    private static final String EXPECTED = "a text file in UTF-8, which may be compressed by gzip";
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['’_-][\\p{L}\\p{N}]+)*");

    /**
     * Reads letters and digits as words, in lower case.
     *
     * @param least occurrences of a word that is kept
     */
    public static Text read(Path file, int least) {
        RegularFile.require(file, EXPECTED);
        Map<String, Integer> numbers = new HashMap<>();
        List<String> all = new ArrayList<>();
        int[] tokens = new int[1 << 16];
        int size = 0;
        long[] counts = new long[1 << 10];
        try (InputStream input = Unzipped.of(Files.newInputStream(file));
                BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Matcher matcher = WORD.matcher(line.toLowerCase(Locale.ROOT));
                while (matcher.find()) {
                    int number = numbers.computeIfAbsent(matcher.group(), word -> {
                        all.add(word);
                        return all.size() - 1;
                    });
                    if (number == counts.length) {
                        counts = Arrays.copyOf(counts, 2 * number);
                    }
                    counts[number]++;
                    tokens = roomFor(tokens, size);
                    tokens[size++] = number;
                }
                tokens = roomFor(tokens, size);
                tokens[size++] = BREAK;
            }
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + file + ": " + cause.getMessage() + ".", cause);
        }
        return of(file, all, counts, Arrays.copyOf(tokens, size), least);
    }

    private static int[] roomFor(int[] tokens, int size) {
        return size < tokens.length ? tokens : Arrays.copyOf(tokens, 2 * size);
    }

    private static Text of(Path file, List<String> all, long[] counts, int[] tokens, int least) {
        List<Integer> order = new ArrayList<>();
        for (int word = 0; word < all.size(); word++) {
            if (counts[word] >= least) {
                order.add(word);
            }
        }
        if (order.size() < 2) {
            throw VitrineException.failure(file + ": found " + order.size() + " words that occur " + least
                    + " times or more, of " + all.size() + " words; expected at least 2.");
        }
        order.sort(Comparator.<Integer>comparingLong(word -> -counts[word]).thenComparing(all::get));
        int[] renumbered = new int[all.size()];
        Arrays.fill(renumbered, BREAK - 1);
        long[] sorted = new long[order.size()];
        for (int rank = 0; rank < sorted.length; rank++) {
            renumbered[order.get(rank)] = rank;
            sorted[rank] = counts[order.get(rank)];
        }
        int[] kept = Arrays.stream(tokens)
                .map(token -> token == BREAK ? BREAK : renumbered[token])
                .filter(token -> token >= BREAK)
                .toArray();
        return new Text(order.stream().map(all::get).toList(), sorted, kept);
    }

    /** Number of words in the text that are in the vocabulary. */
    public long length() {
        return Arrays.stream(counts).sum();
    }
}
