package dev.vitrine.lens.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.lens.attribution.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WordTrainingTest {
    private static final int TOPICS = 4;
    private static final int WORDS = 12;
    private static final int LINES = 3000;

    @TempDir
    private Path folder;

    private Text text;

    /** Lines of eight words of one topic, between words that all topics have. */
    @BeforeEach
    void write() throws IOException {
        Random random = new Random(4);
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            int topic = random.nextInt(TOPICS);
            for (int word = 0; word < 8; word++) {
                lines.append(random.nextInt(3) == 0 ? "the " : "t" + topic + "w" + random.nextInt(WORDS) + " ");
            }
            lines.append("\n");
        }
        text = Text.read(Files.writeString(folder.resolve("text.txt"), lines), 5);
    }

    private static WordTraining training(WordTraining.Architecture architecture, WordTraining.Prediction prediction) {
        return new WordTraining(architecture, prediction, 16, 4, 5, 1e-2, 20, OptionalDouble.empty(), 3);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(WordTraining.Architecture.values())
                .flatMap(architecture -> Stream.of(WordTraining.Prediction.values())
                        .map(prediction -> Arguments.of(architecture, prediction)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void wordsOfATopicAreNeighbors(WordTraining.Architecture architecture, WordTraining.Prediction prediction) {
        WordVectors vectors =
                training(architecture, prediction).on(text, Progress.NONE).vectors();
        WordSearch search = new WordSearch(vectors, Integer.MAX_VALUE, WordCase.EXACT);
        int alike = 0;
        for (int topic = 0; topic < TOPICS; topic++) {
            String start = "t" + topic;
            alike += (int) search.nearest(start + "w0", WORDS - 1).stream()
                    .filter(near -> near.word().startsWith(start))
                    .count();
        }
        assertThat(alike).isGreaterThan(TOPICS * (WORDS - 1) * 9 / 10);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theSameBytesOnAnyNumberOfThreads(WordTraining.Architecture architecture, WordTraining.Prediction prediction)
            throws InterruptedException, ExecutionException {
        WordTraining training = training(architecture, prediction);
        float[] expected = training.on(text, Progress.NONE).vectors().unit();
        for (int threads : new int[] {1, 3}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                assertThat(pool.submit(() -> training.on(text, Progress.NONE)
                                        .vectors()
                                        .unit())
                                .get())
                        .isEqualTo(expected);
            } finally {
                pool.shutdown();
            }
        }
    }

    @Test
    void stoppedTrainingGivesTheVectorsSoFar() {
        WordTraining.Trained stopped = training(WordTraining.Architecture.SKIP_GRAM, WordTraining.Prediction.NEGATIVE)
                .on(text, (done, total) -> {
                    if (done == 3 && total > 3) {
                        throw new CancellationException("stopped");
                    }
                });
        assertThat(stopped.epochs()).isLessThan(2).isPositive();
        assertThat(stopped.vectors().words().size()).isEqualTo(text.words().size());
    }

    @Test
    void textsAreSplitIntoWords() throws IOException {
        Path file = Files.writeString(folder.resolve("own.txt"), "The cat's cat, the DOG!\nA dog — the end.\n");
        Text read = Text.read(file, 2);
        assertThat(read.words()).containsExactly("the", "dog");
        assertThat(read.counts()).containsExactly(3, 2);
        assertThat(read.tokens()).containsExactly(0, 0, 1, -1, 1, 0, -1);
        assertThatThrownBy(() -> Text.read(file, 4)).hasMessageContaining("found 0 words that occur 4 times or more");
    }

    /** No code of a word begins that of another, and their mean length is the least: of these counts, 1.9. */
    @Test
    void frequentWordsHaveShortCodes() {
        HuffmanTree tree = HuffmanTree.of(new long[] {40, 30, 20, 10});
        assertThat(IntStream.range(0, 4).map(word -> tree.turns()[word].length).toArray())
                .containsExactly(1, 2, 3, 3);
        assertThat(IntStream.range(0, 4)
                        .mapToObj(word -> List.of(tree.nodes()[word][0]))
                        .distinct())
                .hasSize(1);
    }
}
