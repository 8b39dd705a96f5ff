package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Questions {@code a is to b as c is to ?}: of all words but these three, the one with the largest score. Mikolov et al.
 * 2013, arXiv:1301.3781.
 *
 * @param sections questions by their heading, four words each, the last the expected answer
 */
public record Analogies(Map<String, List<List<String>>> sections) {
    private static final String EXPECTED =
            "lines of four words, such as 'king queen man woman', and headings, such as ': family'";
    private static final double SMALL = 0.001;

    /** How the score of a word follows from its cosines with the three. */
    public enum Score {
        /** cos b − cos a + cos c. */
        ADD,
        /**
         * {@code cos b · cos c / (cos a + 0.001)}, cosines moved to 0..1. Levy and Goldberg 2014,
         * doi:10.3115/v1/W14-1618.
         */
        MULTIPLY
    }

    /** Reads the format of {@code questions-words.txt}. */
    public static Analogies read(Path file) {
        Map<String, List<List<String>>> sections = new LinkedHashMap<>();
        String section = "all";
        int number = 0;
        for (String line : TextFile.read(file, EXPECTED).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (text.startsWith(":")) {
                section = text.substring(1).strip();
            } else if (!text.isEmpty()) {
                List<String> words = List.of(text.split("\\s+"));
                if (words.size() != 4) {
                    throw VitrineException.failure(file + ", line " + number + ": found " + words.size()
                            + " words; expected " + EXPECTED + ".");
                }
                sections.computeIfAbsent(section, unused -> new ArrayList<>()).add(words);
            }
        }
        if (sections.isEmpty()) {
            throw VitrineException.failure(file + ": holds no questions; expected " + EXPECTED + ".");
        }
        return new Analogies(sections);
    }

    /**
     * Answers to the questions of a section.
     *
     * @param right number of answers that are as expected
     * @param asked number of questions all of whose words have vectors
     * @param skipped number of the others
     */
    public record Section(String name, int right, int asked, int skipped) {}

    /** Answers to all questions; words are looked for as they are, then in lower case. */
    public List<Section> on(WordVectors vectors, Score score, Progress progress) {
        WordVectors unit = vectors.normalized();
        long all = sections.values().stream().mapToLong(List::size).sum();
        List<Section> found = new ArrayList<>();
        Map<Integer, float[]> cosines = new TreeMap<>();
        long done = 0;
        for (Map.Entry<String, List<List<String>>> section : sections.entrySet()) {
            int right = 0;
            int asked = 0;
            for (List<String> question : section.getValue()) {
                int[] words = indices(unit, question);
                if (words.length == 4) {
                    asked++;
                    for (int word : words) {
                        cosines.computeIfAbsent(word, unused -> cosines(unit, word));
                    }
                    right += best(cosines, words, score) == words[3] ? 1 : 0;
                }
                progress.report(++done, all);
            }
            found.add(new Section(
                    section.getKey(), right, asked, section.getValue().size() - asked));
            cosines.clear();
        }
        return found;
    }

    /** The likeliest answers to one question, best first. */
    public static List<WordVectors.Near> answers(WordVectors vectors, List<String> three, Score score, int count) {
        WordVectors unit = vectors.normalized();
        int[] words = three.stream().mapToInt(unit::index).toArray();
        Map<Integer, float[]> cosines = new TreeMap<>();
        for (int word : words) {
            cosines.put(word, cosines(unit, word));
        }
        return IntStream.range(0, unit.count())
                .filter(word -> word != words[0] && word != words[1] && word != words[2])
                .mapToObj(word -> new WordVectors.Near(unit.words().get(word), score(cosines, words, word, score)))
                .sorted((one, other) -> Double.compare(other.cosine(), one.cosine()))
                .limit(count)
                .toList();
    }

    /** Fewer than four if one is not in the vocabulary. */
    private static int[] indices(WordVectors vectors, List<String> question) {
        return question.stream()
                .map(word -> vectors.has(word) ? word : word.toLowerCase(Locale.ROOT))
                .filter(vectors::has)
                .mapToInt(vectors::index)
                .toArray();
    }

    private static float[] cosines(WordVectors unit, int word) {
        float[] cosines = new float[unit.count()];
        IntStream.range(0, cosines.length)
                .parallel()
                .forEach(other -> cosines[other] = WordVectors.dot(
                        unit.values(), word * unit.size(), unit.values(), other * unit.size(), unit.size()));
        return cosines;
    }

    private static double score(Map<Integer, float[]> cosines, int[] words, int candidate, Score score) {
        double a = cosines.get(words[0])[candidate];
        double b = cosines.get(words[1])[candidate];
        double c = cosines.get(words[2])[candidate];
        return switch (score) {
            case ADD -> b - a + c;
            case MULTIPLY -> (1 + b) / 2 * ((1 + c) / 2) / ((1 + a) / 2 + SMALL);
        };
    }

    private static int best(Map<Integer, float[]> cosines, int[] words, Score score) {
        int best = -1;
        double largest = Double.NEGATIVE_INFINITY;
        for (int word = 0; word < cosines.get(words[0]).length; word++) {
            if (word != words[0] && word != words[1] && word != words[2]) {
                double value = score(cosines, words, word, score);
                if (value > largest) {
                    largest = value;
                    best = word;
                }
            }
        }
        return best;
    }
}
