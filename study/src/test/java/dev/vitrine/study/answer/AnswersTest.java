package dev.vitrine.study.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.study.StudyJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
    private static final List<String> CLASSES = List.of("airplane", "bear", "cat", "elephant");

    @TempDir
    private Path folder;

    private List<Answer> read(String... lines) throws IOException {
        Path file = folder.resolve("answers.csv");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return AnswerTable.read(List.of(file));
    }

    @Test
    void shapeBiasLeavesOutPicturesWithoutConflict() throws IOException {
        List<Answer> answers = read(
                "subj,session,object_response,category,condition,imagename",
                "net,1,cat,cat,0,0001_cue_cat7-elephant1.png",
                "net,1,elephant,cat,0,cat8-elephant2.png",
                "net,1,bear,cat,0,cat9-elephant2.png",
                "net,1,bear,bear,0,bear1-cat3.png",
                "net,1,cat,cat,0,cat1-cat2.png",
                "subject-01,1,na,bear,0,bear1-cat3.png");
        ShapeBiasReport report = ShapeBiasReport.of(answers);
        ShapeBias net = report.subjects().get(0);
        assertThat(net.pictures()).isEqualTo(4);
        assertThat(net.agreeing()).isEqualTo(1);
        assertThat(net.shape()).isEqualTo(2);
        assertThat(net.texture()).isEqualTo(1);
        assertThat(net.other()).isEqualTo(1);
        assertThat(net.shapeBias().orElseThrow()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(net.byClass()).extracting(ShapeBias.OfClass::category).containsExactly("bear", "cat");
        assertThat(net.byClass().get(1).shapeBias()).isEqualTo(Optional.of(0.5));
        assertThat(report.subjects().get(1).shapeBias()).isEmpty();
        assertThat(report.lines().get(1)).contains("no answer names shape or texture");
        assertThat(StudyJson.text(report)).contains("\"shapeBias\" : 0.6666666666666666");
    }

    @ParameterizedTest
    @CsvSource({
        "cat7-elephant1.png, elephant",
        "0001_cue_e0_00_cat_10_cat1-bear12.png, bear",
        "cat1-bear2, bear",
        "stimuli/cat1-bear2.final.jpg, bear",
        "polar-cat1-bear2.png, bear"
    })
    void theTextureIsTheLastWordOfTheName(String name, String texture) {
        Answer answer = new Answer("net", name, "cat", texture);
        assertThat(ShapeBias.of(List.of(answer)).get(0).texture()).isEqualTo(1);
    }

    @Test
    void answersAtRandomHaveTheShapeBiasOfChance() {
        Random random = new Random(3);
        List<Answer> answers = new ArrayList<>();
        for (int index = 0; index < 4000; index++) {
            String shape = CLASSES.get(random.nextInt(4));
            String texture = CLASSES.get(random.nextInt(4));
            answers.add(
                    new Answer("random", shape + index + "-" + texture + index, shape, CLASSES.get(random.nextInt(4))));
        }
        ShapeBias found = ShapeBias.of(answers).get(0);
        assertThat(found.shapeBias().orElseThrow()).isCloseTo(0.5, within(0.04));
        assertThat(found.interval().orElseThrow().low()).isLessThan(0.5);
        assertThat(found.interval().orElseThrow().high()).isGreaterThan(0.5);
    }

    @Test
    void errorConsistencyByHand() throws IOException {
        List<Answer> answers = read(
                "subj,imagename,object_response,category",
                "a,1.png,cat,cat",
                "a,2.png,cat,cat",
                "a,3.png,cat,cat",
                "a,4.png,bear,cat",
                "b,1.png,cat,cat",
                "b,2.png,cat,cat",
                "b,3.png,bear,cat",
                "b,4.png,bear,cat",
                "b,5.png,cat,cat");
        ErrorConsistency pair = ErrorConsistency.of(answers).get(0);
        assertThat(pair.pictures()).isEqualTo(4);
        assertThat(pair.accuracies()).containsExactly(0.75, 0.5);
        assertThat(pair.observed().orElseThrow()).isEqualTo(0.75);
        assertThat(pair.expected().orElseThrow()).isEqualTo(0.5);
        assertThat(pair.kappa().orElseThrow()).isEqualTo(0.5);
    }

    @Test
    void perfectSubjectsAgreeByDefinitionAndStrangersHaveNoKappa() throws IOException {
        List<Answer> answers = read(
                "subj,imagename,object_response,category",
                "a,1.png,cat,cat",
                "a,2.png,bear,bear",
                "b,1.png,cat,cat",
                "b,2.png,bear,bear",
                "c,3.png,bear,bear");
        ConsistencyReport report = ConsistencyReport.of(answers);
        assertThat(report.pairs().get(0).kappa().orElseThrow()).isEqualTo(1);
        assertThat(report.pairs().get(0).interval()).isEmpty();
        assertThat(report.pairs().get(1).kappa()).isEmpty();
        assertThat(report.lines()).contains("a and c  no pictures in common");
        assertThat(report.meanKappa().orElseThrow()).isEqualTo(1);
    }

    @Test
    void independentSubjectsHaveNoErrorConsistency() {
        Random random = new Random(5);
        List<Answer> answers = new ArrayList<>();
        for (int picture = 0; picture < 20_000; picture++) {
            answers.add(new Answer("a", picture + ".png", "cat", random.nextDouble() < 0.8 ? "cat" : "bear"));
            answers.add(new Answer("b", picture + ".png", "cat", random.nextDouble() < 0.6 ? "cat" : "bear"));
        }
        assertThat(ErrorConsistency.of(answers).get(0).kappa().orElseThrow()).isCloseTo(0, within(0.02));
    }

    @Test
    void badTablesSayWhatIsWrong() {
        assertThatThrownBy(() -> read("subj,imagename,category", "a,1.png,cat"))
                .hasMessageContaining("found the columns subj, imagename, category")
                .hasMessageContaining("object_response");
        assertThatThrownBy(() -> read("subj,imagename,object_response,category"))
                .hasMessageContaining("holds no answers");
        assertThatThrownBy(() -> read("subj,imagename,object_response,category", "a,1.png,cat,cat", "a,1.png,bear,cat"))
                .hasMessageContaining("line 3: found a second answer of a to 1.png")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("subj,imagename,object_response,category", "a,1.png,cat,"))
                .hasMessageContaining("line 2: found no subject, picture or category");
        assertThatThrownBy(() -> ShapeBias.of(List.of(new Answer("a", "cat7.png", "cat", "cat"))))
                .hasMessageContaining("'cat7.png'");
    }
}
