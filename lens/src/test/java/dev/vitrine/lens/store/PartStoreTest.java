package dev.vitrine.lens.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartStoreTest {
    private static final Question QUESTION = Question.of("survey", 1).with("pictures", "3, names a, contents b");
    private static final byte[] CONTENT = {1, 2, 3, 4};

    @TempDir
    private Path folder;

    private Path file(String name) {
        return folder.resolve("unfinished").resolve(name);
    }

    private PartStore open(Question question) {
        return PartStore.open(folder.resolve("unfinished"), question);
    }

    @Test
    void partsAreThereForTheSameQuestion() {
        open(QUESTION).write("one", CONTENT);
        assertThat(open(QUESTION).read("one")).contains(CONTENT);
        assertThat(open(QUESTION).read("two")).isEmpty();
        PartStore store = open(QUESTION);
        store.drop("one");
        assertThat(store.read("one")).isEmpty();
        store.write("two", CONTENT);
        store.remove();
        assertThat(folder.resolve("unfinished")).doesNotExist();
    }

    @Test
    void anotherQuestionIsRefusedAndSaysWhatDiffers() {
        open(QUESTION).write("one", CONTENT);
        assertThatThrownBy(() -> open(Question.of("survey", 2)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll("found 'survey 1', expected 'survey 2'", "--out", "remove");
        assertThatThrownBy(() -> open(Question.of("survey", 1).with("pictures", "3, names a, contents c")))
                .hasMessageContaining("other pictures, or pictures that were changed since");
        assertThatThrownBy(() -> open(QUESTION.with("seed", 1)))
                .hasMessageContaining("found 'nothing more', expected 'seed 1'");
    }

    @Test
    void everyCutAndEveryChangedBitIsNoticed() throws IOException {
        PartStore store = open(QUESTION);
        store.write("one", CONTENT);
        byte[] whole = Files.readAllBytes(file("one.done"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file("one.done"), Arrays.copyOf(whole, length));
            assertThat(store.read("one")).isEmpty();
        }
        for (int place = 0; place < whole.length; place++) {
            byte[] changed = whole.clone();
            changed[place] ^= 4;
            Files.write(file("one.done"), changed);
            // The line break after the digest says nothing.
            assertThat(store.read("one").isPresent()).isEqualTo(place == 64);
        }
    }

    @Test
    void partsWithoutTheirQuestionAndWhatAKillLeftAreRemoved() throws IOException {
        open(QUESTION).write("one", CONTENT);
        Files.write(file(".one.done.x.part"), CONTENT);
        assertThat(open(QUESTION).read("one")).isPresent();
        assertThat(file(".one.done.x.part")).doesNotExist();
        Files.delete(file("question.txt"));
        assertThat(open(QUESTION).read("one")).isEmpty();
    }

    @Test
    void filesOfOthersStay() throws IOException {
        PartStore store = open(QUESTION);
        Files.writeString(file("mine.txt"), "mine");
        store.remove();
        assertThat(file("mine.txt")).exists();
        assertThat(file("question.txt")).doesNotExist();
    }
}
