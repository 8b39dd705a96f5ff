package dev.vitrine.lens.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnalogyTest {
    /** Dimensions: royal, female, fruit. */
    private static final WordVectors VECTORS = new WordVectors(
            List.of("man", "woman", "King", "queen", "apple", "MAN", "king"),
            new float[] {1, 0, 0.1f, 1, 1, 0.1f, 3, 0, 0.1f, 3, 3.2f, 0.1f, 0, 0.1f, 4, 5, 5, 0, 1, 1.1f, 0.2f},
            3);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theBestAnswerCompletesTheAnalogy(AnalogyObjective objective) {
        WordVectors square = new WordVectors(
                List.of("man", "woman", "king", "queen", "apple"),
                new float[] {1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, -1, 0, 1},
                3);
        assertThat(new WordSearch(square, 9, WordCase.EXACT).analogy("man", "woman", "king", objective, 2))
                .extracting(ScoredWord::word)
                .first()
                .isEqualTo("queen");
    }

    /** Straight from the formulas, in double precision, on random vectors. */
    @ParameterizedTest
    @EnumSource
    void scoresFollowTheFormula(AnalogyObjective objective) {
        Random random = new Random(5);
        int count = 40;
        float[] values = new float[count * 7];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        List<String> words =
                IntStream.range(0, count).mapToObj(row -> "w" + row).toList();
        List<ScoredWord> found = new WordSearch(new WordVectors(words, values, 7), count, WordCase.EXACT)
                .analogy("w3", "w8", "w20", objective, count);
        assertThat(found).hasSize(count - 3);
        for (ScoredWord one : found) {
            int row = words.indexOf(one.word());
            double first = cosine(values, row, 3);
            double second = cosine(values, row, 8);
            double third = cosine(values, row, 20);
            double expected = objective == AnalogyObjective.ADD
                    ? third - first + second
                    : (1 + third) * (1 + second) / 4 / ((1 + first) / 2 + 0.001);
            assertThat(one.score()).isCloseTo(expected, within(1e-5 * Math.max(1, expected * expected)));
        }
        assertThat(found).isSortedAccordingTo((left, right) -> Double.compare(right.score(), left.score()));
    }

    @Test
    void nearestWordsAreSortedByCosineAndExcludeTheWord() {
        List<ScoredWord> found = new WordSearch(VECTORS, 7, WordCase.EXACT).nearest("woman", 3);
        assertThat(found).extracting(ScoredWord::word).containsExactly("queen", "MAN", "king");
        assertThat(found.get(0).score()).isCloseTo(cosine(new float[] {1, 1, 0.1f, 3, 3.2f, 0.1f}, 0, 1), within(1e-6));
    }

    @Test
    void theFirstSpellingStandsForAllWhereCaseIsIgnored() {
        WordSearch search = new WordSearch(VECTORS, 7, WordCase.IGNORED);
        assertThat(search.nearest("WOMAN", 9))
                .extracting(ScoredWord::word)
                .containsExactlyInAnyOrder("queen", "man", "King", "apple");
    }

    @Test
    void accuracyCountsByWordsThatTheVocabularyHas() throws IOException {
        Path file = Files.writeString(folder.resolve("questions"), """
                : family
                man woman King queen
                man woman King apple
                man woman King unicorn
                : gram1-plural
                apple apples pear pears
                """);
        AnalogyQuestions questions = AnalogyQuestions.read(file);
        List<AnalogyAccuracy> found = AnalogyAccuracy.of(
                questions, new WordSearch(VECTORS, 5, WordCase.EXACT), AnalogyObjective.ADD, Progress.NONE);
        assertThat(found)
                .containsExactly(new AnalogyAccuracy("family", 1, 2, 1), new AnalogyAccuracy("gram1-plural", 0, 0, 1));
        assertThat(AnalogyAccuracy.total(found).accuracy()).isEqualTo(0.5);
        assertThat(AnalogyAccuracy.of(
                        questions, new WordSearch(VECTORS, 3, WordCase.EXACT), AnalogyObjective.ADD, Progress.NONE))
                .extracting(AnalogyAccuracy::skipped)
                .containsExactly(3, 1);
    }

    @Test
    void badQuestionsAreNamed() throws IOException {
        assertFails("", "has no questions");
        assertFails("a b c d\n", "line 1 has 4 words and belongs to no section");
        assertFails(": one\na b c d\na b c\n", "line 3 has 3 words");
    }

    @Test
    void unknownWordsAreWrongRequests() {
        assertThatThrownBy(() -> new WordSearch(VECTORS, 7, WordCase.EXACT).nearest("Queen", 1))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("found 'Queen', expected a word among the 7");
    }

    private void assertFails(String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("questions"), content);
        assertThatThrownBy(() -> AnalogyQuestions.read(file))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining(message);
    }

    private static double cosine(float[] values, int left, int right) {
        int dimensions = values.length == 6 ? 3 : 7;
        double product = 0;
        double one = 0;
        double other = 0;
        for (int dimension = 0; dimension < dimensions; dimension++) {
            double first = values[left * dimensions + dimension];
            double second = values[right * dimensions + dimension];
            product += first * second;
            one += first * first;
            other += second * second;
        }
        return product / Math.sqrt(one * other);
    }
}
