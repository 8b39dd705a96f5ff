package dev.vitrine.study.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.answer.ShapeBias;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassMapTest {
    private static final Model MODEL = Nets.architecture("vgg-small");

    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("classes.csv"), String.join("\n", lines) + "\n");
    }

    /** 117 classes from 152 to 268, eight of which are no breeds of dogs. */
    @Test
    void sixteenClassesAreThePublishedOnes() {
        assertThat(ClassMap.SIXTEEN.names()).hasSize(16).isSorted();
        List<Integer> all =
                ClassMap.SIXTEEN.members().stream().flatMap(List::stream).toList();
        assertThat(all).doesNotHaveDuplicates().allMatch(member -> member < 1000);
        assertThat(members("cat")).containsExactly(281, 282, 283, 284, 285, 286);
        assertThat(members("dog"))
                .hasSize(268 - 152 + 1 - 8)
                .doesNotContain(192, 204, 227, 242, 251, 258, 260, 264)
                .contains(152, 268);
        assertThat(members("bird")).hasSize(49).doesNotContain(9, 17, 21, 97, 134);
        assertThat(members("bottle")).containsExactly(440, 720, 737, 898, 899, 901, 907);
    }

    private static List<Integer> members(String name) {
        return ClassMap.SIXTEEN.members().get(ClassMap.SIXTEEN.names().indexOf(name));
    }

    @Test
    void theMeanOfTheMembersDecides() {
        ClassMap map = new ClassMap(List.of("many", "one"), List.of(List.of(0, 1, 2), List.of(3)));
        assertThat(map.answer(new double[] {0.2, 0.2, 0.2, 0.4})).isEqualTo("one");
        assertThat(map.answer(new double[] {0.2, 0.5, 0.2, 0.1})).isEqualTo("many");
    }

    @Test
    void mapsFromFiles() throws IOException {
        ClassMap map = ClassMapReader.read(file("class,member", "cat,3", "dog,1", "cat,0"), MODEL);
        assertThat(map).isEqualTo(new ClassMap(List.of("cat", "dog"), List.of(List.of(3, 0), List.of(1))));
        assertThatThrownBy(() -> map.require(Set.of("cat", "cow")))
                .hasMessageContaining("the classes cow")
                .hasMessageContaining("cat, dog");
        assertThatThrownBy(() -> ClassMapReader.read(file("class,member", "cat,3", "dog,3"), MODEL))
                .hasMessageContaining("line 3")
                .hasMessageContaining("in 'dog' and in 'cat'");
        assertThatThrownBy(() -> ClassMapReader.read(file("class,member", "cat,300", "dog,3"), MODEL))
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> ClassMapReader.read(file("class,index", "cat,3"), MODEL))
                .hasMessageContaining("found the columns class, index");
        assertThatThrownBy(() -> ClassMapReader.read(file("class,member", "cat,3"), MODEL))
                .hasMessageContaining("found 1 classes");
    }

    private record Noise(int size, long seed) implements PictureList {
        @Override
        public String name(int index) {
            Random random = new Random(seed + index);
            random.nextInt();
            return "class" + (char) ('a' + random.nextInt(4)) + index + "-class" + (char) ('a' + random.nextInt(4))
                    + ".png";
        }

        @Override
        public Picture read(int index) {
            byte[] rgb = new byte[12 * 12 * 3];
            new Random(index).nextBytes(rgb);
            return Picture.wrap(12, 12, rgb);
        }

        @Override
        public String content(int index) {
            return "content " + index;
        }
    }

    /**
     * Names that have nothing to do with the pictures: each of the two classes is named with probability 1/4 by a network
     * of four classes, whichever it prefers.
     */
    @Test
    void aNetworkThatAnswersAtRandomHasTheShapeBiasOfChance() {
        int classes = (int) MODEL.classes();
        ClassMap map = new ClassMap(
                List.of("classa", "classb", "classc", "classd"),
                IntStream.range(0, 4)
                        .mapToObj(one -> IntStream.range(0, classes)
                                .filter(member -> member % 4 == one)
                                .boxed()
                                .toList())
                        .toList());
        CueSurvey survey = new CueSurvey(MODEL, "random", new Noise(1200, 5), map);
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            ShapeBias bias = ShapeBias.of(
                            survey.run(StudyContext.of(session)).result().answers())
                    .get(0);
            assertThat(bias.pictures() + bias.agreeing()).isEqualTo(1200);
            assertThat(bias.agreeing() / 1200.0).isCloseTo(0.25, within(0.04));
            assertThat(bias.shapeBias().orElseThrow()).isCloseTo(0.5, within(0.06));
            assertThat((double) bias.shape() / bias.pictures()).isCloseTo(0.25, within(0.045));
            assertThat((double) bias.texture() / bias.pictures()).isCloseTo(0.25, within(0.045));
        }
    }

    @Test
    void subjectsHaveDifferentNames() {
        assertThat(CueSurvey.subjects(List.of(MODEL, MODEL))).containsExactly(MODEL.name(), MODEL.name() + " (2)");
    }
}
